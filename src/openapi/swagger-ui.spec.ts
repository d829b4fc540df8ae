import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { type Routes, serveSwaggerUi } from './swagger-ui.js';

vi.mock('node:fs/promises', () => ({ readFile: vi.fn() }));

it('a file of Swagger UI is read when it is first asked for, and kept', async () => {
  const handlers = new Map<string, (request: object, reply: object) => Promise<void>>();
  serveSwaggerUi({ get: handlers.set.bind(handlers) } as unknown as Routes);
  expect(readFile).not.toHaveBeenCalled();

  const send = vi.fn();
  const reply = { header: () => reply, type: () => reply, send };
  const ask = () => handlers.get('/docs/swagger-ui-bundle.js')!({}, reply);
  vi.mocked(readFile).mockRejectedValueOnce(new Error('EMFILE'));
  await expect(ask()).rejects.toThrow('EMFILE');
  vi.mocked(readFile).mockResolvedValue(Buffer.from('script'));
  for (let i = 0; i < 3; i++) await ask();
  expect(send.mock.calls).toEqual(Array(3).fill([Buffer.from('script')]));
  expect(readFile).toHaveBeenCalledTimes(2);
});
