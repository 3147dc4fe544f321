// Reads predefined rules: extensions of StringRules that carry a CEL expression.
import { getOption, hasOption } from "@bufbuild/protobuf";
import { predefined } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { toJavaScript } from "./regular-expression.mjs";

// The one form that the contract uses: a pattern, unless the rule is switched off. An option may carry several.
const expression = /^!rule \|\| this\.matches\('(.*)'\)$/s;

/** Gives the predefined rules that are set among the rules of a string, as patterns with an id and a message. */
export function readShapes(rules, files) {
  return (rules.$unknown ?? []).flatMap((unknown) => {
    const extension = files
      .flatMap((file) => file.extensions)
      .find((candidate) => candidate.extendee.typeName === rules.$typeName && candidate.number === unknown.no);
    if (!extension || !hasOption(extension, predefined)) {
      throw new Error(`${rules.$typeName} has a field ${unknown.no} that is no predefined rule of the contract`);
    }
    // On the wire a bool is one byte; forms have no use for a rule that is switched off.
    if (unknown.data.length !== 1 || unknown.data[0] !== 1) {
      throw new Error(`${extension}: forms understand this rule switched on only`);
    }
    const { cel } = getOption(extension, predefined);
    return cel.map(({ id, message, expression: written }) => {
      const match = expression.exec(written);
      if (!match) {
        throw new Error(`${extension}: forms understand rules of the form !rule || this.matches('…')`);
      }
      return { id, message, pattern: toJavaScript(unquote(match[1])) };
    });
  });
}

/** Reads the inside of a string literal of CEL, as far as the contract uses its escapes. */
function unquote(literal) {
  return literal.replace(/\\(.)/gs, (_, escaped) => {
    if (escaped !== "\\") {
      throw new Error(`the escape \\${escaped} in a CEL string is not understood: ${literal}`);
    }
    return "\\";
  });
}
