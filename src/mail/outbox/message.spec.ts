import { describe, expect, it } from 'vitest';
import { messageOf, wireAddress } from './message.js';

describe('the address a mail is sent to', () => {
  it.each([
    ['ada@example.org', 'ada@example.org', 'ada@example.org'],
    ['Ada@Example.ORG', 'ada@example.org', 'Ada@Example.ORG'],
    [' ada@example.org ', 'ada@example.org', 'ada@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ])('of %s is the mailbox that was confirmed by it', (typed, key, address) => {
    expect(wireAddress(typed, key)).toBe(address);
  });

  it.each([
    ['fullwidth letters', '\uff41da@example.org', 'ada@example.org'],
    ['the Kelvin sign', '\u212aurt@example.org', 'kurt@example.org'],
  ])('is never a look-alike: %s', (_, typed, key) => {
    expect(wireAddress(typed, key)).toBe(key);
  });

  it.each([
    '"e@attacker.example"@victim.example',
    'a@b.example,c@d.example',
    'a@b.example>',
    '<a@b.example>',
    'a@b.example\r\nBcc: c@d.example',
    'a@b.example\r\nRCPT TO:<c@d.example>',
    'a@b.example\0',
    'a b@c.example',
    '',
  ])('is nothing when the row holds no address: %j', (poison) => {
    expect(wireAddress(poison, poison)).toBeUndefined();
    expect(wireAddress('ada@example.org', poison)).toBeUndefined();
  });
});

describe('a message', () => {
  it('gives link, token and code once more by themselves', () => {
    const mail = { id: 'id', recipientKey: 'ada@example.org', language: null };
    const data = {
      name: null,
      locale: null,
      link: 'http://localhost/#token=t',
      token: 't',
      expiresInMinutes: 5,
    };
    const invitation = messageOf(
      mail,
      'ada@example.org',
      { template: 'invitation', data },
      'http://localhost:3000',
    );
    expect(invitation).toMatchObject({ link: data.link, token: 't', code: null, id: 'id' });
    expect(invitation.text).toContain('Sent by localhost:3000.');
  });
});
