import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsBoolean, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Config } from '../../config/config.js';
import { fromBase64url } from '../crypto/base64url.js';
import { MasterKey } from '../crypto/master-key.js';
import { sameBytes } from '../crypto/secret-token.js';
import { MayBeAbsent } from './fields.js';
import { invalid } from './validation.js';

const MAC_BYTES = 16;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const MAX_CURSOR_LENGTH = 512;

/** What every list takes in its query. Documented by hand: the plugin reads *.dto.ts alone. */
export class ListQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_LIMIT,
    default: DEFAULT_LIMIT,
    description: 'How many items at most.',
  })
  @MayBeAbsent()
  @Transform(wholeNumber)
  @IsInt({ message: 'limit must be a whole number from 1 to 200.' })
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;

  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_CURSOR_LENGTH,
    description: 'Where to go on: nextCursor of the page before.',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(MAX_CURSOR_LENGTH)
  cursor?: string;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'true: the answer also holds total, the number of all items.',
  })
  @MayBeAbsent()
  @Transform(trueOrFalse)
  @IsBoolean({ message: 'count must be true or false.' })
  count?: boolean;
}

export interface Page<Item> {
  items: Item[];
  /** Null at the end. */
  nextCursor: string | null;
  total?: number;
}

interface ListSource<Row> {
  /** Names the list and its filters: a cursor of one list is refused by another. */
  list: string;
  /** Up to `take` rows behind the row with key `after`, in the list's order. */
  rows(after: string | undefined, take: number): Promise<Row[]> | Row[];
  /** The key a list is ordered by; unique. */
  keyOf(row: Row): string;
  total(): Promise<number> | number;
}

/** Pages by the last key seen (keyset), so that a page costs the same wherever it is. */
@Injectable()
export class Pagination {
  constructor(private readonly masterKey: MasterKey) {}

  /** @throws Problem validation_failed when the cursor was changed or belongs to another list */
  async page<Row>(query: ListQuery, source: ListSource<Row>): Promise<Page<Row>> {
    const limit = query.limit ?? DEFAULT_LIMIT;
    const after = query.cursor === undefined ? undefined : this.#open(source.list, query.cursor);
    const rows = await source.rows(after, limit + 1);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor:
        rows.length > limit && last !== undefined
          ? this.#close(source.list, source.keyOf(last))
          : null,
      ...(query.count ? { total: await source.total() } : {}),
    };
  }

  #close(list: string, key: string): string {
    return Buffer.concat([this.#mac(list, key), Buffer.from(key)]).toString('base64url');
  }

  #open(list: string, cursor: string): string {
    const bytes = fromBase64url(cursor);
    const key = bytes?.subarray(MAC_BYTES).toString();
    if (
      bytes === undefined ||
      key === undefined ||
      !sameBytes(bytes.subarray(0, MAC_BYTES), this.#mac(list, key))
    ) {
      throw invalid([
        {
          pointer: '/cursor',
          code: 'invalid_cursor',
          detail: 'cursor is not one this list gave out.',
        },
      ]);
    }
    return key;
  }

  #mac(list: string, key: string): Buffer {
    return this.masterKey.mac('list-cursor', `${list}\0${key}`).subarray(0, MAC_BYTES);
  }
}

/** `Link: <...>; rel="next"` (RFC 8288) on an answer that is a {@link Page}. */
@Injectable()
class LinkHeader implements NestInterceptor {
  constructor(private readonly config: Config) {}

  intercept(
    context: ExecutionContext,
    next: CallHandler<Page<unknown>>,
  ): Observable<Page<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    return next.handle().pipe(
      map((page) => {
        if (typeof page.nextCursor === 'string') {
          const url = new URL(request.url, this.config.publicUrl);
          url.searchParams.set('cursor', page.nextCursor);
          void http.getResponse<FastifyReply>().header('link', `<${url.href}>; rel="next"`);
        }
        return page;
      }),
    );
  }
}

/** A route that answers a {@link Page}, or a file with all of them. */
export function List() {
  return applyDecorators(UseInterceptors(LinkHeader));
}

function wholeNumber({ value }: TransformFnParams): unknown {
  return typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
}

function trueOrFalse({ value }: TransformFnParams): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}
