import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a body that holds exactly one of several sets of fields.
 *
 * @param type every field there is
 * @param alternatives for each a name, and an example that holds all of its fields; the first is
 *   what Swagger UI shows
 * @param required false: there may be no body at all
 */
export function ApiAlternatives(
  type: Type,
  alternatives: Record<string, Record<string, string>>,
  { required = true } = {},
) {
  const oneOf = Object.values(alternatives).map((example) => ({
    required: Object.keys(example),
    maxProperties: Object.keys(example).length,
  }));
  return applyDecorators(
    ApiExtraModels(type),
    ApiBody({
      required,
      schema: { allOf: [{ $ref: getSchemaPath(type) }], oneOf },
      examples: Object.fromEntries(
        Object.entries(alternatives).map(([name, value]) => [name, { value }]),
      ),
    }),
  );
}
