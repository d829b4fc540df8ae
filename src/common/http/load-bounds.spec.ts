import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { LoadBounds } from './load-bounds.js';

function request(url = '/users/me'): FastifyRequest {
  return { routeOptions: { url }, isWorkedOn: false } as unknown as FastifyRequest;
}

describe('requests worked on at once', () => {
  it('are so many at most; one that ends makes room for another', () => {
    const bounds = new LoadBounds(16, 2);
    const [first, second] = [request(), request()];
    expect([bounds.begin(first), bounds.begin(second)]).toEqual([undefined, undefined]);
    expect(bounds.begin(request())).toMatchObject({ code: 'overloaded', statusCode: 503 });
    bounds.end(first);
    expect(bounds.begin(request())).toBeUndefined();
    expect(bounds.begin(request())?.code).toBe('overloaded');
  });

  it('are counted once, however often one ends, and not at all when it was refused', () => {
    const bounds = new LoadBounds(16, 1);
    const [first, refused] = [request(), request()];
    bounds.begin(first);
    bounds.begin(refused);
    bounds.end(refused);
    expect(bounds.begin(request())?.code).toBe('overloaded');
    bounds.end(first);
    bounds.end(first);
    expect(bounds.begin(request())).toBeUndefined();
    expect(bounds.begin(request())?.code).toBe('overloaded');
  });

  it('leave room for whoever asks whether the server lives', () => {
    const bounds = new LoadBounds(16, 0);
    expect(bounds.begin(request('/health/ready'))).toBeUndefined();
    expect(bounds.begin(request('/health'))).toBeUndefined();
    expect(bounds.begin(request(undefined))?.code).toBe('overloaded');
  });
});
