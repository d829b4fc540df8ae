import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { version } from '../common/version.js';
import type { Config } from '../config/config.js';
import { DESCRIPTION, TAGS } from './description.js';
import { completeOperations, UNNAMED } from './operations.js';
import { problemComponents, withoutUnused } from './problems.js';
import { closeObjects } from './schemas.js';

/**
 * The OpenAPI document of the running routes.
 *
 * @throws Error when a route is not documented well enough to be published
 */
export function createOpenApiDocument(app: INestApplication, config: Config): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Latchkey')
    .setDescription(DESCRIPTION)
    .setVersion(version())
    .setOpenAPIVersion('3.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(config.publicUrl)
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'The `access_token` that POST /auth/login answers with.',
      },
      'Bearer',
    )
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'Address and password.' }, 'Basic')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-API-Key',
        description:
          'A key of POST /auth/api-keys. It may also be sent as Bearer, or as the password of Basic with the address of its owner.',
      },
      'ApiKey',
    )
    .addBasicAuth(
      { type: 'http', scheme: 'basic', description: 'Id and secret of a registered service.' },
      'Service',
    )
    .build();
  base.info.contact = { name: 'Latchkey' };
  base.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));

  const document = SwaggerModule.createDocument(app, base, {
    autoTagControllers: false,
    operationIdFactory: (controller, method) => `${UNNAMED}${controller}.${method}`,
  });
  const components = (document.components ??= {});
  const problems = problemComponents(config.publicUrl);
  document.components = {
    ...components,
    ...problems,
    schemas: { ...components.schemas, ...problems.schemas },
  };
  completeOperations(document, app);
  closeObjects(document);
  withoutUnused(document);
  return document;
}
