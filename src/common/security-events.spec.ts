import { expect, it } from 'vitest';
import { SecurityEvents } from './security-events.js';

const REUSED = { userId: 'ada', sessionId: 'session', network: '203.0.113.7' };

it('tells each event to those who listen for it, in their order, and to nobody else', () => {
  const events = new SecurityEvents();
  const heard: unknown[] = [];
  events.on('refresh.reused', (event) => heard.push(['first', event]));
  events.on('refresh.reused', (event) => heard.push(['second', event]));
  events.on('registration', (event) => heard.push(['other', event]));
  events.emit('refresh.reused', REUSED);
  expect(heard).toEqual([
    ['first', REUSED],
    ['second', REUSED],
  ]);
});

it('lets no listener that fails reach the others or whoever tells', () => {
  const events = new SecurityEvents();
  const heard: unknown[] = [];
  events.on('refresh.reused', () => {
    throw new Error('broken');
  });
  events.on('refresh.reused', (event) => heard.push(event));
  events.emit('refresh.reused', REUSED);
  expect(heard).toEqual([REUSED]);
});
