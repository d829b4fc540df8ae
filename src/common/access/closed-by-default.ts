import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS_DECISION } from './access-decision.js';

/** Stops the start when a route has not decided who may call it. */
@Injectable()
export class ClosedByDefault implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const undecided = this.discovery.getControllers().flatMap(({ instance, metatype }) => {
      if (!instance || !metatype) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(PATH_METADATA, prototype[name]!))
        .filter(
          (name) =>
            this.reflector.getAllAndOverride(ACCESS_DECISION, [prototype[name]!, metatype]) ===
            undefined,
        )
        .map((name) => `${metatype.name}.${name}`);
    });
    if (undecided.length > 0) {
      throw new Error(
        `No decision about who may call ${undecided.join(', ')}: ` +
          'add @Public(), @SignedIn(), @ForServices(), @Roles(...) or @Permissions(...).',
      );
    }
  }
}
