import { describe, expect, it } from 'vitest';
import { classify } from './smtp-failure.js';

describe('a failure to send', () => {
  it.each([
    ['a refused connection', { code: 'ESOCKET', originalCode: 'ECONNREFUSED', command: 'CONN' }],
    ['a name that is not found', { code: 'EDNS', command: 'CONN' }],
    ['silence', { code: 'ETIMEDOUT', command: 'CONN' }],
    ['no TLS where it is required', { code: 'ETLS', command: 'STARTTLS', responseCode: 454 }],
    ['a certificate nobody trusts', { code: 'ESOCKET', originalCode: 'SELF_SIGNED_CERT_IN_CHAIN' }],
    ['a greeting that turns away', { code: 'EPROTOCOL', command: 'CONN', responseCode: 554 }],
    ['a refused login', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535 }],
    ['a refused sender', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 550 }],
    ['a login that is wanted first', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 530 }],
    ['a server that closes down', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 421 }],
    ['an attempt that took too long', { code: 'EABORT' }],
    ['an error without any facts', new Error('?')],
  ])("is the server's after %s", (_, error) => {
    expect(classify(error).kind).toBe('unreachable');
  });

  it.each([
    ['a full mailbox', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 452 }],
    ['greylisting', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450 }],
    ['a message put off', { code: 'EMESSAGE', command: 'DATA', responseCode: 451 }],
  ])("is this mail's for now after %s", (_, error) => {
    expect(classify(error).kind).toBe('temporary');
  });

  it.each([
    ['an unknown mailbox', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550 }],
    ['a refused message', { code: 'EMESSAGE', command: 'DATA', responseCode: 554 }],
    ['a message too large', { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 552 }],
    ['an address that is none', { code: 'EENVELOPE', command: 'API' }],
  ])("is this mail's for good after %s", (_, error) => {
    expect(classify(error).kind).toBe('permanent');
  });

  it('is described without a word of the server', () => {
    const error = Object.assign(new Error('550 ada@example.org unknown, token lk_ot_abc'), {
      code: 'EENVELOPE',
      command: 'RCPT TO',
      responseCode: 550,
      response: '550 ada@example.org unknown',
    });
    expect(classify(error).reason).toBe('RCPT TO 550');
    expect(classify(error).message).toBe('RCPT TO 550');
    expect(classify({ code: 'x@y\r\n', command: 'CONN' }).reason).toBe('CONN');
  });
});
