/**
 * Small faults that a test should notice: the mutants of a source text.
 *
 * @module
 */

import { ts } from "../../tests/packages/typescript.ts";

/** One fault: the text from `start` to `end` becomes `replacement`. */
export interface Mutant {
  /** Offsets in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Line of `start`, from 1. */
  readonly line: number;
  /** The text that is replaced, on one line. */
  readonly original: string;
}

/** What each operator becomes: its neighbour, which is what people confuse it with. */
const OPERATORS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.PlusEqualsToken, "-="],
  [ts.SyntaxKind.MinusEqualsToken, "+="],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
]);

const ORIGINAL_LENGTH_MAX = 70;

/** All mutants of a source text, in order. */
export function mutantsOf(text: string): Mutant[] {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, replacement: string): void => {
    const start = node.getStart(file);
    mutants.push({
      start,
      end: node.end,
      replacement,
      line: file.getLineAndCharacterOfPosition(start).line + 1,
      original: node.getText(file).replaceAll(/\s+/g, " ").slice(0, ORIGINAL_LENGTH_MAX),
    });
  };
  const visit = (node: ts.Node): void => {
    // What only the type checker reads changes nothing that runs.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const replacement = OPERATORS.get(node.operatorToken.kind);
      if (replacement !== undefined && !joinsText(node)) add(node.operatorToken, replacement);
    } else if (ts.isNumericLiteral(node)) {
      add(node, String(Number(node.text) + 1));
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      add(node, "false");
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      add(node, "true");
    } else if (ts.isExpressionStatement(node) && canBeDropped(node.expression)) {
      add(node, ";");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return mutants;
}

/** The text with the fault in it. */
export function withMutant(text: string, { start, end, replacement }: Mutant): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** A plus between texts: a minus would be no slip of anybody's. */
function joinsText({ left, right }: ts.BinaryExpression): boolean {
  return [left, right].some((side) =>
    ts.isStringLiteralLike(side) || ts.isTemplateExpression(side) ||
    (ts.isBinaryExpression(side) && joinsText(side))
  );
}

/** Calls, assignments, steps; not the call of a base class's constructor. */
function canBeDropped(expression: ts.Expression): boolean {
  if (ts.isCallExpression(expression)) {
    return expression.expression.kind !== ts.SyntaxKind.SuperKeyword;
  }
  if (ts.isBinaryExpression(expression)) {
    const { kind } = expression.operatorToken;
    return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
  }
  return ts.isPostfixUnaryExpression(expression) || ts.isPrefixUnaryExpression(expression);
}
