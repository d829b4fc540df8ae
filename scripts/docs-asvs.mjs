// npm run docs:asvs          writes docs/asvs/README.md
// npm run docs:asvs:check    fails when it differs from the requirements and the names of the tests
//
// Tests carry the ids of the requirements of OWASP ASVS 5.0 they try in their names: `[6.2.8] ...`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './build-if-stale.mjs';
import { writeOrCheck } from './write-or-check.mjs';

const SHOWN_TESTS = 3;
const IDS = /\[(\d+\.\d+\.\d+)\]/g;

const requirements = JSON.parse(readFileSync(join(root, 'docs/asvs/requirements.json'), 'utf8'));
const testsById = collectTests();

const tested = requirements.filter(({ id }) => testsById.has(id));
const notApplying = requirements.filter(({ doesNotApply }) => doesNotApply !== undefined);
const untried = requirements.filter(
  ({ id, doesNotApply }) => doesNotApply === undefined && !testsById.has(id),
);
const contradictory = notApplying.filter(({ id }) => testsById.has(id));
if (contradictory.length > 0) {
  console.error(`Said not to apply, but tried: ${contradictory.map(({ id }) => id).join(', ')}`);
  process.exit(1);
}
if (untried.length > 0) {
  const ids = untried.map(({ id }) => id).join(', ');
  console.error(`Without a test and without a reason (doesNotApply): ${ids}`);
  process.exit(1);
}

writeOrCheck('npm run docs:asvs', { 'docs/asvs/README.md': page() });

/** @returns for each id the tests whose name, or whose group's name, holds it */
function collectTests() {
  const found = new Map();
  for (const file of testFiles()) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node) => {
      const name = testName(node);
      for (const [, id] of name?.matchAll(IDS) ?? []) {
        const of = found.get(id) ?? [];
        of.push({ file: relative(root, file), name: name.replace(IDS, '').trim() });
        found.set(id, of);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

function testFiles() {
  return ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:e2e-)?spec\.ts$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted(),
  );
}

/** The title in `it('title', ...)`, `describe.each(table)('title', ...)` and the like. */
function testName(node) {
  if (!ts.isCallExpression(node) || !node.arguments[0]) return undefined;
  let callee = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'skip') return undefined;
    callee = callee.expression;
  }
  if (!ts.isIdentifier(callee) || !['describe', 'it', 'test'].includes(callee.text)) {
    return undefined;
  }
  const [title] = node.arguments;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.head.text : undefined;
}

function page() {
  const rows = requirements.map((requirement) => {
    const { id, level, requirement: text, doesNotApply } = requirement;
    const tests = testsById.get(id);
    const how = tests ? shown(tests) : doesNotApply;
    return `| ${id} | ${level} | ${cell(text)} | ${cell(how)} | ${tests ? 'pass' : 'does not apply'} |`;
  });
  return `<!-- Written by \`npm run docs:asvs\` from requirements.json and the names of the tests. -->

# OWASP ASVS 5.0

**${tested.length} of ${requirements.length}** requirements that can be tried from outside on a server of this kind are held by tests that name them; ${notApplying.length} do not apply to what this version offers, each with its reason.

Requirements are in our words; the standard's are at <https://owasp.org/www-project-application-security-verification-standard/>. \`pass\` means that every test named passes: no change lands on the main branch otherwise. To run those of one requirement: \`npm test -- -t '\\[6.2.8\\]'\`, and for those in \`test/system\`: \`npm run test:system -- -t '\\[12.1.1\\]'\`.

| Id | Level | Requirement | Tests | Result |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function shown(tests) {
  const lines = tests
    .slice(0, SHOWN_TESTS)
    .map(({ file, name }) => `${name || 'the whole group'} (\`${file}\`)`);
  const more = tests.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('<br>');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
