/**
 * Finds promises that nobody waits for, with TypeScript's own checker: the rules no-floating-promises
 * and no-misused-promises of typescript-eslint, of which Deno's linter has neither.
 *
 * @module
 */

import { ts } from "../packages/typescript.ts";

/** What a program is made of. */
export interface Sources {
  /** Text of each file by its absolute path. */
  readonly files: ReadonlyMap<string, string>;
  /** Declarations of the runtime; a browser's if not given. */
  readonly runtime?: string;
}

/** One promise, as `path:line: code`. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly code: string;
}

/** The function that takes a promise off one's hands. */
const GUARD = "inBackground";
const ASSIGNMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);
const RUNTIME_PATH = "/runtime.d.ts";
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  types: [],
};

/** Every expression whose promise is neither awaited, returned, kept nor given a `catch`. */
export function unattendedPromises({ files, runtime }: Sources): Finding[] {
  const host = hostOf(files, runtime);
  const roots = [...files.keys(), ...(runtime === undefined ? [] : [RUNTIME_PATH])];
  const lib = runtime === undefined
    ? ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"]
    : [
      "lib.esnext.d.ts",
    ];
  const program = ts.createProgram(roots, { ...OPTIONS, lib }, host);
  const checker = program.getTypeChecker();
  const findings: Finding[] = [];
  for (const path of files.keys()) {
    const source = program.getSourceFile(path);
    if (source !== undefined) visit(source, source, checker, findings);
  }
  return findings;
}

function hostOf(files: ReadonlyMap<string, string>, runtime: string | undefined): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const read = (path: string) =>
    files.get(path) ?? (path === RUNTIME_PATH ? runtime : ts.sys.readFile(path));
  return {
    ...host,
    fileExists: (path) => read(path) !== undefined,
    readFile: read,
    getSourceFile: (path, options) => {
      const text = read(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, options, true);
    },
  };
}

function visit(
  node: ts.Node,
  source: ts.SourceFile,
  checker: ts.TypeChecker,
  findings: Finding[],
): void {
  if (isUnattended(node, checker)) {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    const code = node.getText().split("\n", 1)[0] ?? "";
    findings.push({ path: source.fileName, line: line + 1, code });
  }
  ts.forEachChild(node, (child) => visit(child, source, checker, findings));
}

function isUnattended(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    if (!isAssignment(expression)) return isPromise(expression, checker);
    // Whoever keeps a promise for later does not see it fail now.
    return ts.isCallExpression(expression.right) && isPromise(expression.right, checker);
  }
  if (ts.isVoidExpression(node)) return isPromise(node.expression, checker);
  return isGivenAway(node, checker);
}

/** A function whose promise nobody takes, because the place where it stands wants none. */
function isGivenAway(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (!ts.isExpression(node) || !isFunctionPlace(node)) return false;
  const wanted = checker.getContextualType(node);
  if (wanted === undefined) return false;
  const calls = signaturesOf(wanted);
  if (calls.length === 0 || !calls.every((call) => isVoid(call.getReturnType()))) return false;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && isCaught(node.body)) return false;
  return signaturesOf(checker.getTypeAtLocation(node))
    .some((call) => isThenable(call.getReturnType(), checker));
}

function isFunctionPlace(node: ts.Expression): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return true;
  const { parent } = node;
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  return (ts.isCallExpression(parent) && parent.arguments.includes(node)) ||
    (ts.isNewExpression(parent) && parent.arguments?.includes(node) === true) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node);
}

function signaturesOf(type: ts.Type): readonly ts.Signature[] {
  if (type.isUnion()) return type.types.flatMap(signaturesOf);
  return type.getCallSignatures();
}

function isVoid(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Void) !== 0;
}

function isPromise(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (isCaught(expression)) return false;
  return isThenable(checker.getTypeAtLocation(expression), checker);
}

function isAssignment(expression: ts.Expression): expression is ts.BinaryExpression {
  return ts.isBinaryExpression(expression) && ASSIGNMENTS.has(expression.operatorToken.kind);
}

/** `inBackground(promise)`, `promise.catch(…)` or `promise.then(…, …)`: a rejection has a place to go. */
function isCaught(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression)) return false;
  const { expression: callee, arguments: given } = expression;
  if (ts.isIdentifier(callee)) return callee.text === GUARD;
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const name = callee.name.text;
  if (name === "finally") return isCaught(callee.expression);
  return (name === "catch" && given.length > 0) || (name === "then" && given.length > 1);
}

function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnion()) return type.types.some((each) => isThenable(each, checker));
  if ((type.flags & ts.TypeFlags.Any) !== 0) return false;
  const then = type.getProperty("then");
  if (then === undefined) return false;
  return checker.getTypeOfSymbol(then).getCallSignatures().length > 0;
}
