import type { OpenAPIObject } from '@nestjs/swagger';

/**
 * Says of every object that it holds no other members than those listed: what is not listed is
 * refused in a request and left out of an answer.
 */
export function closeObjects(document: OpenAPIObject): void {
  close(document.components?.schemas);
  close(document.paths);
}

function close(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if (isObjectSchema(node)) node.additionalProperties ??= false;
  for (const [key, value] of Object.entries(node)) {
    if (key !== 'example' && key !== 'examples') close(value);
  }
}

function isObjectSchema(node: object): node is { additionalProperties?: unknown } {
  return 'type' in node && node.type === 'object' && 'properties' in node;
}
