import { describe, expect, it } from 'vitest';
import type { Principal } from '../../common/access/principal.js';
import { identityHeaders } from './identity-headers.js';

const ADA: Principal = {
  userId: '019a7f3e-0000-7000-8000-000000000000',
  scheme: 'Bearer',
  sessionId: undefined,
  authTime: undefined,
  roles: ['admin', 'user'],
  permissions: new Set(['users:read', 'users:write']),
};

describe('the headers that say who a request is from', () => {
  it('separate roles by commas and permissions by spaces', () => {
    expect(identityHeaders(ADA, 'ada@example.org')).toEqual({
      'x-auth-user': ADA.userId,
      'x-auth-email': 'ada@example.org',
      'x-auth-roles': 'admin,user',
      'x-auth-scope': 'users:read users:write',
      'x-auth-scheme': 'Bearer',
    });
  });

  it.each([
    'jürgen@example.org',
    'a%41@example.org',
    'a,b@example.org',
    'ada\r\nX-Auth-User: eve@x.y',
  ])('hold %j percent-encoded, and give it back as it was', (email) => {
    const value = identityHeaders(ADA, email)['x-auth-email']!;
    expect(value).toMatch(/^[!-~]*$/);
    expect(decodeURIComponent(value)).toBe(email);
  });
});
