/**
 * A visitor that calls `report(node, source)` for each way a module can be named with a fixed string: import, export …
 * from, import(), require(), process.getBuiltinModule() and import.meta.resolve().
 */
export function visitImports(report) {
  const statement = (node) => {
    if (node.source) report(node, node.source.value);
  };
  return {
    ImportDeclaration: statement,
    ExportNamedDeclaration: statement,
    ExportAllDeclaration: statement,
    ImportExpression(node) {
      const source = fixedText(node.source);
      if (source !== undefined) report(node, source);
    },
    CallExpression(node) {
      const { callee } = node;
      if (!namesModule(callee)) return;
      const source = fixedText(node.arguments[0]);
      if (source !== undefined) report(node, source);
    },
  };
}

function namesModule(callee) {
  if (callee.type === 'Identifier') return callee.name === 'require';
  const name = propertyName(callee);
  return name === 'getBuiltinModule' || (name === 'resolve' && callee.object.type === 'MetaProperty');
}

/** The name that a member expression ends in, written with a dot or with a string in brackets. */
export function propertyName(node) {
  if (node?.type !== 'MemberExpression') return undefined;
  return node.computed ? fixedText(node.property) : node.property.name;
}

/** The value of a string that is fixed in the source. */
export function fixedText(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return undefined;
}
