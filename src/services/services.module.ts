import { Module } from '@nestjs/common';
import { ServicesController } from './services.controller.js';
import { Services } from './services.service.js';

/**
 * The services that trust this server: who they are, and the audience each is known by. Owns the
 * table Service and the routes /services. What they ask for, and the tokens made for them, are left
 * to auth.
 */
@Module({
  controllers: [ServicesController],
  providers: [Services],
  exports: [Services],
})
export class ServicesModule {}
