import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { as, personWith } from './support/people.js';
import { atOnce, tally } from './support/races.js';
import { rows } from './support/rows.js';
import { PASSWORD, type Person, TestServer } from './support/server.js';

let server: TestServer;
let admin: Person;
let other: Person;
let clerk: Person;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.administrator();
  other = await server.administrator();
  clerk = await personWith(server, admin, ['users:read', 'users:write']);
});

afterAll(() => server.stop());

describe('whoever may change accounts', () => {
  it('does not take away what they do not hold themselves', async () => {
    const refused = [
      await server.patch(`/users/${other.id}`, { status: 'disabled' }, as(clerk)),
      await server.delete(`/users/${other.id}`, as(clerk)),
      await server.delete(`/users/${other.id}/sessions`, as(clerk)),
    ];
    for (const { status, body } of refused) {
      expect(status).toBe(403);
      expect(body.code).toBe('permission_required');
    }
    expect((await server.get('/users/me', as(other))).status).toBe(200);
  });

  it('disables, enables, signs out and deletes those who hold no more than they do', async () => {
    const person = await server.person();
    const disable = await server.patch(`/users/${person.id}`, { status: 'disabled' }, as(clerk));
    expect(disable.body.status).toBe('disabled');
    expect((await server.get('/users/me', as(person))).status).toBe(401);
    const enable = await server.patch(`/users/${person.id}`, { status: 'active' }, as(clerk));
    expect(enable.body.status).toBe('active');
    expect((await server.get('/users/me', as(person))).status).toBe(401);

    const again = await server.signIn(person.email);
    expect((await server.delete(`/users/${person.id}/sessions`, as(clerk))).status).toBe(204);
    expect((await server.get('/users/me', as(again))).status).toBe(401);
    expect((await server.delete(`/users/${person.id}`, as(clerk))).status).toBe(204);
    expect((await server.get(`/users/${person.id}`, as(clerk))).status).toBe(404);
  });
});

describe('a person whose account an administrator deletes', () => {
  it('is told by mail, without a link, and every link mailed before is dead', async () => {
    const person = await server.person();
    await server.post('/auth/password/forgot', { email: person.email });
    const { token } = await server.newestMail(person.email);
    expect((await server.delete(`/users/${person.id}`, as(admin))).status).toBe(204);

    const mail = await server.newestMail(person.email);
    expect(mail).toMatchObject({ subject: 'Your account was deleted', link: null, token: null });
    const reset = { token, password: 'wholly different words here' };
    expect((await server.post('/auth/password/reset', reset)).body.code).toBe('token_invalid');
    const kept = rows(
      server.dataDir,
      'SELECT template FROM OutboxMail WHERE recipientKey = ?',
      person.email,
    );
    expect(kept).toEqual([{ template: 'account-deleted' }]);
  });

  it('is not told when the deletion is refused', async () => {
    await server.delete(`/users/${other.id}`, as(clerk));
    expect(await server.mailbox(other.email)).toEqual([]);
  });

  it('is told once, however many administrators delete at the same moment', async () => {
    const person = await server.person();
    const answers = await atOnce(20, () => server.delete(`/users/${person.id}`, as(admin)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 1, 404: 19 });
    const mails = await server.mailbox(person.email);
    expect(mails.filter(({ subject }) => subject === 'Your account was deleted')).toHaveLength(1);
  });

  it('is not told at an address that nobody has confirmed', async () => {
    const email = 'somebody-else@example.org';
    await server.post('/auth/register', { email, password: PASSWORD });
    await server.mailSettled();
    const [{ id }] = rows(server.dataDir, 'SELECT id FROM User WHERE emailKey = ?', email);
    expect((await server.delete(`/users/${id}`, as(admin))).status).toBe(204);
    const subjects = (await server.mailbox(email)).map(({ subject }) => subject);
    expect(subjects).not.toContain('Your account was deleted');
  });
});
