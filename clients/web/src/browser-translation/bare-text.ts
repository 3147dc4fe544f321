import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";

/**
 * Finds text that stands beside something else in an element, without an element of its own: `<p>{count} <b>new</b></p>`.
 *
 * Browsers that translate a page replace its text nodes. React keeps the ones that it made: it loses updates of a text that was
 * replaced, and fails with NotFoundError when it removes one, or inserts something before it. Only a text that is alone in its
 * element is safe, because React sets that as the element's content.
 */
export function findBareText(configPath: string): string[] {
  const { config } = ts.readConfigFile(configPath, (path) => readFileSync(path, "utf8"));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath));
  const program = ts.createProgram(fileNames, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const found: string[] = [];

  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !/\/src\/(?!testing\/).*(?<!\.test)\.tsx$/.test(file.fileName)) {
      continue;
    }
    const report = (node: ts.Node) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      const text = node.getText().replace(/\s+/g, " ").slice(0, 80);
      found.push(`${file.fileName.replace(/.*\/src\//, "src/")}:${line + 1}: ${text}`);
    };
    const visit = (node: ts.Node) => {
      if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
        checkChildren(node).forEach(report);
      } else if (isComponentResult(node) && node.expression && isText(node.expression)) {
        report(node);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;

  function checkChildren(parent: ts.JsxElement | ts.JsxFragment): ts.Node[] {
    const children = parent.children.filter((child) => !isNothing(child));
    const isAlone = children.length === 1 && ts.isJsxElement(parent) && isHostElement(parent.openingElement.tagName);
    const isHandedOn = ts.isJsxElement(parent) && !isHostElement(parent.openingElement.tagName);
    if (isAlone || (isHandedOn && children.length === 1)) {
      // A component that is handed a text is judged by where it puts its children.
      return [];
    }
    const texts = children.filter(isTextChild);
    // A blank between two elements that are always there is neither changed, removed, nor inserted before.
    const isStatic = children.every(
      (child) => isBlank(child) || ts.isJsxElement(child) || ts.isJsxSelfClosingElement(child),
    );
    return isStatic ? texts.filter((text) => !isBlank(text)) : texts;
  }

  /** Line breaks between elements, and comments. */
  function isNothing(child: ts.JsxChild): boolean {
    return (
      (ts.isJsxText(child) && child.containsOnlyTriviaWhiteSpaces) || (ts.isJsxExpression(child) && !child.expression)
    );
  }

  function isBlank(child: ts.JsxChild): boolean {
    if (ts.isJsxText(child)) {
      return child.text.trim() === "";
    }
    return (
      ts.isJsxExpression(child) &&
      !!child.expression &&
      ts.isStringLiteral(child.expression) &&
      child.expression.text.trim() === ""
    );
  }

  function isTextChild(child: ts.JsxChild): boolean {
    return ts.isJsxText(child) || (ts.isJsxExpression(child) && !!child.expression && isText(child.expression));
  }

  /** Reports whether React may make a text node of an expression. */
  function isText(expression: ts.Expression): boolean {
    return mayBeText(checker.getTypeAtLocation(expression), new Set());
  }

  function mayBeText(type: ts.Type, seen: Set<ts.Type>): boolean {
    if (seen.has(type)) {
      return false;
    }
    seen.add(type);
    if (type.isUnion()) {
      return type.types.some((member) => mayBeText(member, seen));
    }
    if (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike)) {
      // `text && <b/>` gives "" as well, of which React makes no node.
      return !(type.isStringLiteral() && type.value === "");
    }
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return checker.isArrayType(type) && element !== undefined && mayBeText(element, seen);
  }

  /** A component that returns a bare text puts it beside whatever the component stands beside. */
  function isComponentResult(node: ts.Node): node is ts.ReturnStatement {
    if (!ts.isReturnStatement(node)) {
      return false;
    }
    const owner = ts.findAncestor(node, ts.isFunctionLike);
    const name = owner && "name" in owner && owner.name && ts.isIdentifier(owner.name) ? owner.name.text : "";
    return /^[A-Z]/.test(name);
  }

  function isHostElement(name: ts.JsxTagNameExpression): boolean {
    return ts.isIdentifier(name) && /^[a-z]/.test(name.text);
  }
}
