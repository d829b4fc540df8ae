import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

/** Documents a route that answers one page of a list. */
export function ApiPage(item: Type) {
  return applyDecorators(
    ApiExtraModels(item),
    ApiOkResponse({
      description: 'One page of the list.',
      headers: {
        Link: {
          description: 'Address of the next page with rel="next" (RFC 8288); absent at the end.',
          schema: { type: 'string' },
        },
      },
      schema: {
        type: 'object',
        required: ['items', 'nextCursor'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(item) } },
          nextCursor: {
            type: 'string',
            nullable: true,
            description: 'Send it as `cursor` to get the next page; null at the end.',
          },
          total: {
            type: 'integer',
            minimum: 0,
            description: 'How many items the whole list has; only with `count=true`.',
          },
        },
      },
    }),
  );
}
