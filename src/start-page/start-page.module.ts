import { type DynamicModule, Module } from '@nestjs/common';
import { AccessReviewModule } from '../access-review/access-review.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { Config } from '../config/config.js';
import { UsersModule } from '../users/users.module.js';
import { NeutralPageController } from './neutral-page.controller.js';
import { PasskeysPageController } from './passkeys-page.controller.js';
import { StartPageController } from './start-page.controller.js';
import { StartStateService } from './start-state.service.js';

/**
 * `GET /`. In development the start page, `GET /start/state` which keeps it fresh, and
 * `GET /docs/passkeys` to try passkeys in a browser; in production a page that tells nothing, and
 * neither of the others.
 */
@Module({})
export class StartPageModule {
  static with(config: Config): DynamicModule {
    if (config.mode === 'production') {
      return { module: StartPageModule, controllers: [NeutralPageController] };
    }
    return {
      module: StartPageModule,
      imports: [AuthModule, AccessReviewModule, UsersModule],
      controllers: [StartPageController, PasskeysPageController],
      providers: [StartStateService],
    };
  }
}
