import { describe, expect, it } from 'vitest';
import type { Problem } from '../errors/problem.js';
import { parseForm } from './form.js';

const parsed = (text: string) => parseForm(Buffer.from(text));

function refusal(text: string): Problem {
  try {
    parsed(text);
  } catch (error) {
    return error as Problem;
  }
  throw new Error('It was taken.');
}

describe('a form', () => {
  it.each([
    ['', {}],
    ['token=abc', { token: 'abc' }],
    [
      'token=a%2Bb+c%3D&token_type_hint=access_token',
      { token: 'a+b c=', token_type_hint: 'access_token' },
    ],
    ['token', { token: '' }],
    ['token=a=b&', { token: 'a=b' }],
    ['name=%C3%A4', { name: 'ä' }],
  ])('%j is read as %j', (text, fields) => {
    expect(parsed(text)).toEqual(fields);
  });

  it.each([
    ['token=a&token=b', 'duplicate'],
    ['token=a&%74oken=b', 'duplicate'],
    ['token=%', 'invalid_format'],
    ['token=%zz', 'invalid_format'],
    ['token=%ff', 'invalid_format'],
    [Array.from({ length: 33 }, (_, i) => `f${i}=1`).join('&'), 'too_many'],
  ])('%j is refused', (text, code) => {
    expect(refusal(text).errors?.map((error) => error.code)).toEqual([code]);
  });

  it('[15.3.6] has no way to a prototype', () => {
    const fields = parsed('__proto__=x&constructor=y');
    expect(Object.getOwnPropertyNames(fields).sort()).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });
});
