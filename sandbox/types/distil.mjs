// Distils what the sandbox's answers are held against from the types of npm's `stripe` package.
// To renew it after an update of the API version (sandbox/state.py), in a folder outside the project:
//   npm install stripe@VERSION typescript@5.9.3
//   node …/sandbox/types/distil.mjs > …/sandbox/types/stripe_types.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(join(process.cwd(), "here.js"));
const ts = require("typescript");
const home = dirname(dirname(require.resolve("stripe")));
const read = (name) => readFileSync(join(home, name), "utf8").trim();

// What the sandbox serves; other objects are only named, as something expandable.
const ROOTS = [
  "Account", "Balance", "BalanceTransaction", "Charge", "Customer", "DeletedCustomer", "CustomerSession", "Dispute",
  "EphemeralKey", "Event", "File", "PaymentIntent", "PaymentMethod", "Payout", "EarlyFraudWarning", "Refund",
  "WebhookEndpoint", "DeletedWebhookEndpoint",
];
// Of the many ways to pay only these are played; the parts of the others are left out.
const PLAYED = new Set(["card", "card_present", "us_bank_account", "type", "link", "billing_details"]);
const WAYS_TO_PAY = /^(Charge\.PaymentMethodDetails|PaymentIntent\.(PaymentMethodOptions|NextAction)|PaymentMethod)$/;

const program = ts.createProgram([join(home, "esm/stripe.esm.node.d.ts")], {
  strict: true, noLib: true, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext,
});
const checker = program.getTypeChecker();
const declared = new Map();
const seen = [];
for (const file of program.getSourceFiles()) {
  if (file.fileName.includes("/esm/resources/") && !/resources\/(V2|TestHelpers|Issuing|Treasury)\//.test(file.fileName)) ts.forEachChild(file, remember);
}

function remember(node) {
  if (!ts.isInterfaceDeclaration(node)) return;
  if (!declared.has(node.name.text)) declared.set(node.name.text, node);
  const type = member(node, "type");
  const data = node.name.text.endsWith("Event") && member(node, "data");
  if (!type || !data || !ts.isLiteralTypeNode(type.type)) return;
  const object = checker.getTypeAtLocation(data.type).getProperty("object");
  const of = checker.getTypeOfSymbolAtLocation(object, node);
  seen.push([type.type.literal.text, of.symbol]);
}

function member(node, name) {
  return node.members.find((m) => m.name && m.name.getText() === name);
}

const events = {};
for (const [type, symbol] of seen) {
  const served = symbol && ROOTS.includes(symbol.name) && symbol.declarations.includes(declared.get(symbol.name));
  if (served) events[type] = symbol.name;
}

const types = {};
const waiting = [];

function reference(symbol) {
  const name = checker.getFullyQualifiedName(symbol).replace(/^".*"\./, "");
  if (!(name in types)) {
    types[name] = null;
    waiting.push([name, symbol.declarations.find(ts.isInterfaceDeclaration)]);
  }
  return `@${name}`;
}

function shape(node) {
  if (ts.isUnionTypeNode(node)) return flat(node.types.map(shape));
  if (ts.isArrayTypeNode(node)) return { list: shape(node.elementType) };
  if (ts.isLiteralTypeNode(node)) return node.literal.kind === ts.SyntaxKind.NullKeyword ? "null" : node.literal.getText();
  if (ts.isTypeReferenceNode(node)) return referred(node);
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { map: shape(index.type) } : "object";
  }
  return node.getText();
}

function flat(shapes) {
  const all = shapes.flat();
  return all.length === 1 ? all[0] : all;
}

function referred(node) {
  const name = node.typeName.getText();
  if (name === "OtherString") return "other";
  if (name === "Array") return { list: shape(node.typeArguments[0]) };
  if (name === "ApiList") return { page: shape(node.typeArguments[0]) };
  let symbol = checker.getSymbolAtLocation(node.typeName);
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
  if (alias) return shape(alias.type);
  return symbol.declarations?.some(ts.isInterfaceDeclaration) ? reference(symbol) : "any";
}

function fields(name, node) {
  const index = node.members.find(ts.isIndexSignatureDeclaration);
  if (index) return { map: shape(index.type) };
  const found = {};
  const parents = node.heritageClauses?.flatMap((clause) => clause.types) ?? [];
  for (const parent of parents) Object.assign(found, fields(name, checker.getSymbolAtLocation(parent.expression).declarations[0]));
  for (const part of node.members.filter(ts.isPropertySignature)) {
    const key = part.name.text ?? part.name.getText();
    const unplayed = WAYS_TO_PAY.test(name) && part.questionToken && !PLAYED.has(key) && !/string|number|boolean/.test(part.type.getText());
    found[key + (part.questionToken ? "?" : "")] = unplayed ? "any" : shape(part.type);
  }
  return found;
}

function onlyNamed(name, node) {
  const object = member(node, "object");
  if (ROOTS.includes(name) || !object || !ts.isLiteralTypeNode(object.type) || !member(node, "id")) return null;
  return { object: object.type.literal.getText(), "*": "any" };
}

for (const name of ROOTS.filter((root) => root !== "Event")) {
  reference(checker.getSymbolAtLocation(declared.get(name).name));
}
types.Event = null;
waiting.push(["Event", declared.get("EventBase")]);
while (waiting.length) {
  const [name, node] = waiting.shift();
  types[name] = onlyNamed(name, node) ?? fields(name, node);
}
types.Event.data = "any";

const sorted = (record) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
const version = read("esm/apiVersion.js").match(/ApiVersion = '(.*?)'/)[1];
process.stdout.write(`{\n "package": "stripe ${read("VERSION")}",\n "api_version": "${version}",\n`);
process.stdout.write(` "roots": ${JSON.stringify(ROOTS)},\n "events": ${JSON.stringify(sorted(events))},\n "types": {\n`);
const lines = Object.entries(sorted(types)).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
process.stdout.write(`${lines.join(",\n")}\n }\n}\n`);
