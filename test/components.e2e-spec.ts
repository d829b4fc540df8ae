import { readFileSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
}

const lock: { packages: Record<string, Locked> } = read('../package-lock.json');
const reviewed: { package: string; lowest: string; why: string }[] = read(
  './fixtures/lowest-versions.json',
);
/** What a server runs with, by where it lies in node_modules. */
const installed = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional,
);

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

/** Whether one release is the other or a later one; `9.9.9` is before `10.0.0`. */
function atLeast(version: string, lowest: string): boolean {
  return version.localeCompare(lowest, 'en', { numeric: true }) >= 0;
}

/** Versions of every copy, also those inside other packages. */
function versionsOf(name: string): string[] {
  return installed
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version }]) => version);
}

describe('[15.2.1] a component that a server runs with', () => {
  it.each(reviewed)('$package is not older than $lowest', ({ package: name, lowest }) => {
    const versions = versionsOf(name);
    expect(versions).not.toEqual([]);
    for (const version of versions) {
      expect([version, atLeast(version, lowest)]).toEqual([version, true]);
    }
  });

  it('SQLite is not older than 3.50.2, which counts the terms of a query right (CVE-2025-6965)', () => {
    const database = new BetterSqlite3(':memory:');
    const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get()!;
    database.close();
    expect([version, atLeast(version, '3.50.2')]).toEqual([version, true]);
  });

  it('is one release, with the hash of what was reviewed', () => {
    const { dependencies } = read('../package.json');
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const [path, { integrity }] of installed) {
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
    }
  });

  it('would be found if it were older', () => {
    expect(atLeast('9.9.9', '10.0.0')).toBe(false);
    expect(atLeast('8.3.0', '8.4.0')).toBe(false);
    expect(atLeast('10.0.0', '9.9.9')).toBe(true);
  });
});
