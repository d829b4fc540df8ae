import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../src/suspicious-activity/rules.js';
import { TestServer } from './support/server.js';

const TOKEN = 'metrics-token-0123456789';
const MONITORING = '../docs/monitoring.md';
const DASHBOARD = '../docs/monitoring/dashboard.json';
const ALERTS = '../docs/monitoring/alerts.yml';

let server: TestServer;
/** Type by name, as a running server exposes them. */
const exposed = new Map<string, string>();
/** Names of the labels each metric was seen with. */
const labels = new Map<string, Set<string>>();
let scraped: string;

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

beforeAll(async () => {
  server = await TestServer.start({ METRICS_TOKEN: TOKEN });
  await server.person();
  await server.get('/users/me');
  await server.get('/metrics', { bearer: TOKEN });
  scraped = (await server.get('/metrics', { bearer: TOKEN })).text;
  for (const [, name, type] of scraped.matchAll(/^# TYPE (\w+) (\w+)$/gm))
    exposed.set(name!, type!);
  for (const [, series, pairs] of scraped.matchAll(/^(latchkey_\w+)\{(.*)\} \S+$/gm)) {
    const name = familyOf(series!)!;
    const known = labels.get(name) ?? new Set();
    for (const [, label] of pairs!.matchAll(/(\w+)="/g)) if (label !== 'le') known.add(label!);
    labels.set(name, known);
  }
});
afterAll(() => server.stop());

/** The metric a series belongs to; undefined: a real server exposes no such series. */
function familyOf(series: string): string | undefined {
  if (exposed.has(series)) return exposed.get(series) === 'histogram' ? undefined : series;
  const name = series.replace(/_(bucket|sum|count)$/, '');
  return exposed.get(name) === 'histogram' ? name : undefined;
}

/** Every selector in the text, with the labels it asks for. */
function selectorsIn(text: string): { series: string; asked: string[] }[] {
  return [...text.matchAll(/\b(latchkey_\w+)(?:\{([^}]*)\})?/g)].map(([, series, matchers]) => ({
    series: series!,
    asked: [...(matchers ?? '').matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  }));
}

/** What Prometheus itself puts on every series. */
const ADDED_BY_SCRAPE = ['job', 'instance'];

function expressionsOf(dashboard: any): string[] {
  return dashboard.panels.flatMap((panel: any) =>
    (panel.targets ?? []).map(({ expr }: any) => expr),
  );
}

function expectReal(text: string): void {
  const selectors = selectorsIn(text);
  expect([text, selectors.length > 0]).toEqual([text, true]);
  for (const { series, asked } of selectors) {
    const name = familyOf(series);
    expect([series, name !== undefined]).toEqual([series, true]);
    for (const label of asked) {
      const known = ADDED_BY_SCRAPE.includes(label) || labels.get(name!)?.has(label) === true;
      expect([series, label, known]).toEqual([series, label, true]);
    }
  }
}

describe('what docs/ says of metrics', () => {
  it('the dashboard asks for nothing that a server does not expose', () => {
    const dashboard = JSON.parse(read(DASHBOARD));
    const expressions = expressionsOf(dashboard);
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) expectReal(expression);
    const variables = dashboard.templating.list.filter(({ type }: any) => type === 'query');
    expect(variables).not.toEqual([]);
    for (const { definition } of variables) expectReal(definition);
  });

  it('no two panels of the dashboard have one id or lie on each other', () => {
    const { panels } = JSON.parse(read(DASHBOARD));
    expect(new Set(panels.map(({ id }: any) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: any) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it('the alert rules ask for nothing that a server does not expose, and each has a name of its own', () => {
    const text = read(ALERTS);
    const rules = text.split(/^ +- alert: /m).slice(1);
    expect(rules.length).toBeGreaterThan(10);
    const names = rules.map((rule) => rule.slice(0, rule.indexOf('\n')));
    expect(new Set(names).size).toBe(names.length);
    for (const rule of rules) {
      const expression = /^ +expr: (?:\|\n)?([^]*?)^ +(?:for|labels):/m.exec(rule)?.[1] ?? '';
      expectReal(expression);
      expect(rule).toMatch(/labels: \{ severity: (critical|warning|info) \}/);
      expect(rule).toMatch(/^ +summary: \S/m);
      expect(rule).toMatch(/^ +description: \S/m);
    }
  });

  it('the values of labels that both ask for are ones a server has', () => {
    const both = read(ALERTS) + expressionsOf(JSON.parse(read(DASHBOARD))).join('\n');
    const asked = [...both.matchAll(/\b(event|outcome|state|quantile|limit)!?="([^"$]+)"/g)];
    expect(asked.length).toBeGreaterThan(5);
    for (const [, label, value] of asked) expect(scraped).toContain(`${label}="${value}"`);
  });

  it('the page lists each metric a server exposes with its type and labels, and no other', () => {
    const listed = new Map(
      [...read(MONITORING).matchAll(/^\| `(latchkey_\w+)` +\| (\w+) +\| (.*?) *\| /gm)].map(
        ([, name, type, names]) => [
          name!,
          [type!, [...names!.matchAll(/`(\w+)`/g)].map(([, label]) => label!).sort()],
        ],
      ),
    );
    expect([...listed.keys()].sort()).toEqual([...exposed.keys()].sort());
    for (const [name, [type, names]] of listed) {
      expect([name, type]).toEqual([name, exposed.get(name)]);
      expect([name, names]).toEqual([name, [...(labels.get(name) ?? [])].sort()]);
    }
  });

  it('the page lists each rule about suspicious activity as it is, and no other', () => {
    const listed = [
      ...read(MONITORING).matchAll(
        /^\| `([a-z_]+)` +\| (.*?) +\| (\d+) +\| (\d+) (h|min) +\| (\w+) +\|/gm,
      ),
    ].map(([, name, counts, threshold, length, unit, severity]) => [
      name,
      { counts, threshold, windowMs: Number(length) * (unit === 'h' ? 60 : 1) * 60_000, severity },
    ]);
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(
        Object.entries(RULES).map(([name, { counts, threshold, windowMs, severity }]) => [
          name,
          { counts, threshold: String(threshold), windowMs, severity },
        ]),
      ),
    );
  });
});
