import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';

/**
 * Documents a body that holds exactly one of several sets of fields. Fields that are in no set may
 * stand beside any.
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
  const examples = Object.values(alternatives);
  const names = new Set(examples.flatMap((example) => Object.keys(example)));
  const oneOf = examples.map((example) => {
    const others = [...names].filter((name) => !(name in example));
    return {
      required: Object.keys(example),
      ...(others.length > 0
        ? { not: { anyOf: others.map((name) => ({ required: [name] })) } }
        : {}),
    };
  });
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
