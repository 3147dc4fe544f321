// Reads predefined rules: extensions of StringRules that carry a CEL expression.
import { getOption, hasOption } from "@bufbuild/protobuf";
import { predefined } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { toJavaScript } from "./regular-expression.mjs";

// The form of all expressions in the contract: a pattern, unless the rule is false. An option may have several.
const expression = /^!rule \|\| this\.matches\('(.*)'\)$/s;

/** Returns the predefined rules of a string, as patterns with an id and a message. */
export function readShapes(rules, files) {
  return (rules.$unknown ?? []).flatMap((unknown) => {
    const extension = files
      .flatMap((file) => file.extensions)
      .find((candidate) => candidate.extendee.typeName === rules.$typeName && candidate.number === unknown.no);
    if (!extension || !hasOption(extension, predefined)) {
      throw new Error(`${rules.$typeName} has a field ${unknown.no} that is no predefined rule of the contract`);
    }
    // On the wire a bool is one byte. Only true is supported.
    if (unknown.data.length !== 1 || unknown.data[0] !== 1) {
      throw new Error(`${extension}: forms support only true for this rule`);
    }
    const { cel } = getOption(extension, predefined);
    return cel.map(({ id, message, expression: written }) => {
      const match = expression.exec(written);
      if (!match) {
        throw new Error(`${extension}: forms support only rules of the form !rule || this.matches('…')`);
      }
      return { id, message, pattern: toJavaScript(unquote(match[1])) };
    });
  });
}

/** Unescapes a CEL string literal. Supports the escapes in the contract only. */
function unquote(literal) {
  return literal.replace(/\\(.)/gs, (_, escaped) => {
    if (escaped !== "\\") {
      throw new Error(`the escape \\${escaped} in a CEL string is not supported: ${literal}`);
    }
    return "\\";
  });
}
