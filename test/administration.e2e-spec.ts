import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { as, personWith } from './support/people.js';
import { type Person, TestServer } from './support/server.js';

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
