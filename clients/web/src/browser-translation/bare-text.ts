import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import ts from "typescript";

/**
 * Finds text that has siblings in an element, without an element of its own: `<p>{count} <b>new</b></p>`.
 *
 * Browsers that translate a page replace its text nodes, but React keeps references to the original ones. Updates of such a text
 * are lost, and removing it or inserting before it throws NotFoundError. Only a text that is alone in its element is safe, because
 * React sets it as the content of the element.
 */
export function findBareText(configPath: string): string[] {
  const { config } = ts.readConfigFile(configPath, (path) => readFileSync(path, "utf8"));
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configPath));
  // Tests and journeys are left out: their imports, such as the browser drivers, take most of the time.
  const components = fileNames.filter((name) => isChecked(name));
  const program = ts.createProgram(components, { ...options, types: ["vite/client"], noEmit: true });
  const checker = program.getTypeChecker();
  const found: string[] = [];

  for (const file of program.getSourceFiles()) {
    if (!isChecked(file.fileName)) {
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

  function isChecked(name: string): boolean {
    return /\/clients\/web\/src\/(?!testing\/).*(?<!\.test)\.tsx$/.test(name);
  }

  function checkChildren(parent: ts.JsxElement | ts.JsxFragment): ts.Node[] {
    const children = parent.children.filter((child) => !isNothing(child));
    const isAlone = children.length === 1 && ts.isJsxElement(parent) && isHostElement(parent.openingElement.tagName);
    const isHandedOn = ts.isJsxElement(parent) && !isHostElement(parent.openingElement.tagName);
    if (isAlone || (isHandedOn && children.length === 1)) {
      // For a text that is passed to a component, its rendering in that component is checked.
      return [];
    }
    const texts = children.filter(isTextChild);
    // A space between two elements that are always rendered is never changed, removed or inserted before.
    const isStatic = children.every(
      (child) => isBlank(child) || ts.isJsxElement(child) || ts.isJsxSelfClosingElement(child),
    );
    return isStatic ? texts.filter((text) => !isBlank(text)) : texts;
  }

  /** Reports whether a child renders nothing: a line break between elements, or a comment. */
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

  /** Reports whether an expression may render a text node. */
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
      // `text && <b/>` may be "", for which React creates no node.
      return !(type.isStringLiteral() && type.value === "");
    }
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return checker.isArrayType(type) && element !== undefined && mayBeText(element, seen);
  }

  /** Reports whether a statement is the return of a component. A returned text becomes a sibling of what surrounds the component. */
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
