export type Node = { type: string; start: number; [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

export function* children(node: Node): Generator<[string, Node]> {
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield [key, child];
  }
}

export function* descendants(node: Node): Generator<Node> {
  yield node;
  for (const [, child] of children(node)) yield* descendants(child);
}

export const nameOf = (node: unknown): string | undefined =>
  isNode(node) ? ((node.name ?? node.value) as string | undefined) : undefined;

/** The text of a string literal or of a template without holes. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  const quasis = node.type === "TemplateLiteral" ? (node.quasis as { value: { cooked: string } }[]) : [];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

const isImportMeta = (node: unknown, property: string): boolean =>
  isNode(node) &&
  node.type === "MemberExpression" &&
  isNode(node.object) &&
  node.object.type === "MetaProperty" &&
  nameOf(node.property) === property;

export interface Import {
  at: number;
  /** Undefined where it is computed. */
  specifier: string | undefined;
  byUrl: boolean;
  /** Only types come from there. */
  isType: boolean;
}

const isTypeOnly = (node: Node): boolean => {
  if (node.importKind === "type" || node.exportKind === "type" || node.type === "TSImportType") return true;
  const named = (node.specifiers as Node[] | undefined) ?? [];
  return named.length > 0 && named.every((one) => one.importKind === "type" || one.exportKind === "type");
};

/** Everything a module reaches for. */
export function* imports(program: Node): Generator<Import> {
  for (const node of descendants(program)) {
    const [first, second] = (node.arguments as unknown[] | undefined) ?? [];
    const at = node.start;
    const isUrl = node.type === "NewExpression" && nameOf(node.callee) === "URL" && isImportMeta(second, "url");
    if (isUrl) {
      yield { at, specifier: textOf(first), byUrl: true, isType: false };
    } else if (node.type === "CallExpression" && isImportMeta(node.callee, "glob")) {
      yield { at, specifier: textOf(first), byUrl: false, isType: false };
    } else if (/^(Import|Export)|^TSImportType$|^TSExternalModuleReference$/.test(node.type)) {
      const source = node.source ?? (node.type === "TSExternalModuleReference" ? node.expression : undefined);
      if (isNode(source)) yield { at, specifier: textOf(source), byUrl: false, isType: isTypeOnly(node) };
    }
  }
}

/** The names a pattern binds: `{ a, b: [c], ...d }` binds a, c and d. */
function* boundNames(pattern: unknown): Generator<string> {
  if (!isNode(pattern)) return;
  if (pattern.type === "Identifier") yield pattern.name as string;
  else if (pattern.type === "AssignmentPattern") yield* boundNames(pattern.left);
  else if (pattern.type === "Property") yield* boundNames(pattern.value);
  else if (pattern.type === "RestElement") yield* boundNames(pattern.argument);
  else for (const [, child] of children(pattern)) yield* boundNames(child);
}

const isFunction = (node: Node) => /^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(node.type);

/** What a function, or the module, declares for itself; blocks count as part of their function. */
function declared(scope: Node): Set<string> {
  const names = new Set<string>();
  const add = (pattern: unknown) => {
    for (const name of boundNames(pattern)) names.add(name);
  };
  const visit = (node: Node) => {
    if (/^VariableDeclarator$|^(Function|Class)Declaration$/.test(node.type)) add(node.id);
    if (node.type === "CatchClause") add(node.param);
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type)) add(node.local);
    if (!isFunction(node)) for (const [, child] of children(node)) visit(child);
  };
  add(scope.id);
  for (const parameter of (scope.params as unknown[] | undefined) ?? []) add(parameter);
  for (const [, child] of children(scope)) visit(child);
  return names;
}

const globalObjects = ["window", "globalThis", "self", "document"];

/** The globals that a module names: `location`, and as much `globalThis.location` and `const { location } = window`. */
export function* globalsNamed(
  node: Node,
  scopes: Set<string>[] = [declared(node)],
  key = "",
): Generator<[string, number]> {
  const isGlobal = (name: string) => !scopes.some((scope) => scope.has(name));
  const isGlobalObject = (value: unknown) =>
    isNode(value) &&
    value.type === "Identifier" &&
    globalObjects.includes(value.name as string) &&
    isGlobal(value.name as string);
  // Types name no values; the few wrappers around an expression are looked into.
  if (node.type.startsWith("TS")) {
    if (isNode(node.expression)) yield* globalsNamed(node.expression, scopes);
    return;
  }
  if (node.type === "Identifier" && key !== "property" && key !== "key" && isGlobal(node.name as string)) {
    yield [node.name as string, node.start];
  }
  if (node.type === "MemberExpression" && isGlobalObject(node.object)) {
    const property = nameOf(node.property);
    if (property !== undefined) yield [property, node.start];
  }
  if (node.type === "VariableDeclarator" && isGlobalObject(node.init) && isNode(node.id)) {
    for (const [, property] of children(node.id)) yield [nameOf(property.key) ?? "", property.start];
  }
  const inner = isFunction(node) ? [...scopes, declared(node)] : scopes;
  for (const [childKey, child] of children(node)) yield* globalsNamed(child, inner, node.computed ? "" : childKey);
}

/** Where a token would outlive a call: module variables, class fields, and members of state, links and props. */
export function* heldTokens(program: Node, isState: boolean): Generator<[string, number]> {
  for (const statement of program.body as Node[]) {
    const declaration = isNode(statement.declaration) ? statement.declaration : statement;
    if (declaration.type !== "VariableDeclaration") continue;
    for (const one of declaration.declarations as Node[]) {
      for (const name of boundNames(one.id)) yield [name, one.start];
    }
  }
  for (const node of descendants(program)) {
    const holds = node.type === "PropertyDefinition" || (isState && node.type === "TSPropertySignature");
    if (holds) yield [nameOf(node.key) ?? "", node.start];
  }
}
