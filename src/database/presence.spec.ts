import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LockFile } from './lock-file.js';
import { Presence } from './presence.js';

describe('servers on one file', () => {
  let folder: string;
  let file: string;
  let entered: Presence[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-presence-'));
    file = join(folder, 'latchkey.db');
    entered = [];
  });
  afterEach(() => {
    vi.restoreAllMocks();
    for (const presence of entered) presence.leave();
    rmSync(folder, { recursive: true });
  });

  async function enter(path = file): Promise<Presence> {
    const presence = await Presence.enter(path, 60_000);
    if (presence) entered.push(presence);
    return presence!;
  }

  /** Waits until somebody has found a lock taken so many times. */
  function triesInVain(times: number): Promise<void> {
    const { mock } = vi.spyOn(LockFile.prototype, 'tryExclusive');
    const inVain = () => mock.results.filter(({ value }) => value === false).length;
    return vi.waitFor(() => expect(inVain()).toBeGreaterThanOrEqual(times), { timeout: 60_000 });
  }

  /** Enters while the others look, as they do by themselves when they run. */
  async function enterAmong(...others: Presence[]): Promise<Presence> {
    const looking = setInterval(() => others.forEach((other) => other.look()), 5);
    try {
      return await enter();
    } finally {
      clearInterval(looking);
    }
  }

  it('one is alone, and stays so', async () => {
    const first = await enter();
    expect(first.alone).toBe(true);
    first.look();
    expect(first.alone).toBe(true);
  });

  it('a second one does not get in before the first knows', async () => {
    const first = await enter();
    let inside = false;
    const second = enter().then((presence) => {
      inside = true;
      return presence;
    });
    await triesInVain(5);
    expect([inside, first.alone]).toEqual([false, true]);
    first.look();
    expect(first.alone).toBe(false);
    expect((await second).alone).toBe(false);
  });

  it('none is alone while there are two, however often they look', async () => {
    const first = await enter();
    const second = await enterAmong(first);
    for (let turn = 0; turn < 100; turn++) {
      first.look();
      second.look();
      expect([first.alone, second.alone]).toEqual([false, false]);
    }
  });

  it('the last one left is alone', async () => {
    const first = await enter();
    const second = await enterAmong(first);
    const third = await enterAmong(first, second);
    first.leave();
    second.look();
    third.look();
    expect([second.alone, third.alone]).toEqual([false, false]);
    third.leave();
    second.look();
    expect(second.alone).toBe(true);
  });

  it('one that never looks keeps others out, and lets them in when it is gone', async () => {
    const first = await enter();
    expect(await Presence.enter(file, 50)).toBeUndefined();
    expect(first.alone).toBe(true);
    first.look();
    expect(first.alone).toBe(true); // the one that gave up left nothing behind
    first.leave();
    expect((await enter()).alone).toBe(true);
  });

  it('knows a file by whatever link leads to it', async () => {
    const link = join(folder, 'link');
    symlinkSync(folder, link);
    const first = await enter();
    const second = enter(join(link, 'latchkey.db'));
    await triesInVain(1);
    first.look();
    expect(first.alone).toBe(false);
    await second;
  });

  it('leaves two empty files', async () => {
    await enterAmong(await enter());
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['latchkey.db-door', 'latchkey.db-servers']);
    expect(files.map((name) => statSync(join(folder, name)).size)).toEqual([0, 0]);
  });
});
