import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dictionary } from '@zxcvbn-ts/language-common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBreachedFilter } from '../src/auth/password/breached-filter.writer.js';
import { SetupLink } from '../src/auth/setup/setup-link.js';
import type { Answer } from './support/client.js';
import { as } from './support/people.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

const ADMIN_TOOL = fileURLToPath(new URL('../dist/cli/admin.js', import.meta.url));
const LISTED = dictionary['passwords-common'] as string[];
const TOP_3000 = LISTED.slice(0, 3000).filter((_, nr) => nr % 10 === 0);
/** Known from breaches, but too far down the list to be called common. */
const BREACHED = LISTED.slice(10_000)
  .filter((password) => password.length >= 8)
  .slice(0, 300);

/** In the operator's own filter alone. */
const OWN = 'brightly painted 1906 bicycle';

let server: TestServer;
let people = 0;

/** Sends a password by one way in; all else about the request is right. */
type Way = (password: string) => Promise<Answer>;
const ways: Record<string, Way> = {};

const register: Way = (password) =>
  server.post('/auth/register', {
    email: `nr${++people}.lovelace@analytical.example`,
    name: 'Augusta King',
    password,
  });

function codes(answer: Answer): string[] {
  expect([answer.status, answer.body.code]).toEqual([422, 'password_rejected']);
  return answer.body.errors.map((error: { code: string }) => error.code);
}

/** The way a token that was mailed is used: by the link of a reset or an invitation. */
async function byMail(email: string): Promise<Way> {
  const { token } = await server.newestMail(email);
  return (password) => server.post('/auth/password/reset', { token, password });
}

beforeAll(async () => {
  server = await TestServer.start();
  const token = new URL(server.app.get(SetupLink).url()).hash.slice('#token='.length);
  ways.setup = (password) =>
    server.post('/setup', { token, email: 'ada.lovelace@analytical.example', password });
});
afterAll(() => server.stop());

/** What every way in has in common; each is a promise of its own. */
function heldBy(name: string): void {
  const way: Way = (password) => ways[name]!(password);

  it('[6.2.1] passwords of seven characters are refused', async () => {
    expect(codes(await way('k3#Lw0z'))).toEqual(['too_short']);
  });

  it('[6.2.4] three hundred of the three thousand most common are refused, each as common', async () => {
    expect(TOP_3000).toHaveLength(300);
    for (const password of TOP_3000) expect(codes(await way(password))).toContain('too_common');
  });

  it('[6.2.12] three hundred that were in breaches are refused, each as breached', async () => {
    expect(BREACHED).toHaveLength(300);
    for (const password of BREACHED) {
      const told = codes(await way(password));
      expect([password, told.includes('breached')]).toEqual([password, true]);
      expect(told).not.toContain('too_common');
    }
  });

  it('[6.2.11] the name, the address and the names of the service are refused inside', async () => {
    expect(codes(await way('xx LoveLace xx 17'))).toEqual(['contains_personal_data']);
    expect(codes(await way('my LATCHKEY words 17'))).toEqual(['contains_service_name']);
    expect(codes(await way('at localhost words 17'))).toEqual(['contains_service_name']);
  });

  it('what would be guessed soon is refused, with the reason', async () => {
    const answer = await way('hunter2hunter2');
    expect(codes(answer)).toEqual(['too_weak']);
    expect(answer.body.errors[0].detail).toContain('repeats itself');
    expect(answer.body.detail).toContain(answer.body.errors[0].detail);
  });

  it('control characters are refused', async () => {
    expect(codes(await way('before\u0000after it'))).toEqual(['control_character']);
  });

  it('the answer advises against reuse and for a password manager, and repeats no password', async () => {
    const answer = await way('trustno1');
    expect(answer.body.detail).toMatch(/password manager/i);
    expect(answer.body.detail).toMatch(/one account only/i);
    expect(answer.text).not.toContain('trustno1');
  });
}

describe('at the setup of the first administrator', () => {
  heldBy('setup');
});

describe('at registration', () => {
  beforeAll(() => {
    ways.register = register;
  });
  heldBy('register');
});

describe('of somebody who is known', () => {
  const email = 'augusta.lovelace@analytical.example';
  let admin: Person;
  let person: Person;

  beforeAll(async () => {
    admin = await server.administrator();
    person = await server.person(email);
    await server.post('/auth/password/forgot', { email });
    ways.reset = await byMail(email);

    const invited = 'invited.lovelace@analytical.example';
    await server.post('/users', { email: invited }, as(admin));
    ways.invitation = await byMail(invited);

    ways.change = (newPassword) =>
      server.post(
        '/auth/password/change',
        { currentPassword: person.password, newPassword },
        as(person),
      );
  });

  describe('at a reset', () => {
    heldBy('reset');
  });
  describe('at an invitation', () => {
    heldBy('invitation');
  });
  describe('at a change', () => {
    heldBy('change');

    it('names the field it came in', async () => {
      const { body } = await ways.change!('password');
      expect(body.errors[0].pointer).toBe('/newPassword');
    });
  });

  it('a token is not spent by all these refusals', async () => {
    expect((await ways.reset!('wholly different words here')).status).toBe(204);
    expect((await ways.invitation!('wholly different words here')).status).toBe(204);
  });
});

describe('at the command line', () => {
  it.each([
    ['[6.2.4]', 'password', /tried first/],
    ['[6.2.12]', BREACHED[0]!, /known from a breach/],
    ['[6.2.11]', 'my latchkey words 17', /name of this service/],
  ])('%s %s is refused, with the reason', (_, password, reason) => {
    const tool = spawnSync(process.execPath, [ADMIN_TOOL, 'create', 'cli@analytical.example'], {
      input: `${password}\n`,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, MODE: 'development', DATA_DIR: server.dataDir },
    });
    expect(tool.stderr).toMatch(reason);
    expect(tool.stdout).toBe('');
    expect(tool.status).toBe(1);
  });
});

describe('BREACHED_PASSWORDS_FILE', () => {
  const filter = () => join(server.dataDir, 'own.filter');
  const warnings = () =>
    server.logLines.filter((line) => line.includes('"BREACHED_PASSWORDS_FILE names no filter'));

  it('[6.2.12] that is missing is said at the start, and the filter that ships still holds', async () => {
    expect(warnings()).toEqual([]);
    server = await server.restart({ BREACHED_PASSWORDS_FILE: filter() });
    expect(warnings()).toHaveLength(1);
    expect(JSON.parse(warnings()[0]!)).toMatchObject({ level: 40, reason: 'ENOENT' });
    expect(warnings()[0]).not.toContain(server.dataDir);
    expect((await register(OWN)).status).toBe(202);
    expect(codes(await register(BREACHED[0]!))).toEqual(['breached']);
  });

  it('[6.2.12] counts from when it is there, beside the one that ships', async () => {
    await writeBreachedFilter(() => [{ password: OWN }], filter());
    expect(codes(await register(OWN))).toEqual(['breached']);
    expect(codes(await register(OWN.toUpperCase()))).toEqual(['breached']);
    expect(codes(await register(BREACHED[0]!))).toEqual(['breached']);
    expect((await register(`${OWN}!`)).status).toBe(202);
    server = await server.restart();
    expect(warnings()).toEqual([]);
    rmSync(filter());
  });
});

describe('PASSWORD_CLASSES and PASSWORD_MIN_LENGTH', () => {
  it('ask for what they name, all at once, of new passwords only', async () => {
    const person = await server.person();
    server = await server.restart({
      PASSWORD_CLASSES: 'lower,upper,digit,symbol',
      PASSWORD_MIN_LENGTH: '20',
    });
    expect(codes(await register('ocean tractor'))).toEqual([
      'too_short',
      'missing_upper',
      'missing_digit',
    ]);
    expect(codes(await register('正しい馬の電池とホチキスを長く長く書いておく'))).toEqual([
      'missing_lower',
      'missing_upper',
      'missing_digit',
      'missing_symbol',
    ]);
    expect((await register('Ocean-Tractor-1906-Moon')).status).toBe(202);
    expect((await server.signIn(person.email, PASSWORD)).id).toBe(person.id);
  });
});
