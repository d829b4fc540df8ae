import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Config } from '../../config/config.js';
import { Problem } from '../errors/problem.js';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * For what anyone on this machine may read. A page of another site can have its own name resolve
 * to 127.0.0.1 (DNS rebinding) and then reads answers as its own; but its name is what the browser
 * puts into Host.
 */
@Injectable()
export class OwnHostGuard implements CanActivate {
  readonly #hosts: ReadonlySet<string>;

  constructor(config: Config) {
    this.#hosts = new Set([...LOOPBACK, new URL(config.publicUrl).hostname]);
  }

  /** @throws Problem not_found */
  canActivate(context: ExecutionContext): boolean {
    // Not request.host, which is what X-Forwarded-Host says when a proxy is trusted.
    const { host } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    if (!this.#hosts.has(withoutPort(host ?? ''))) throw new Problem('not_found');
    return true;
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}
