import { Injectable } from '@nestjs/common';
import type { Principal } from '../../common/access/principal.js';
import { isUuid } from '../../common/crypto/uuid.js';
import { Problem } from '../../common/errors/problem.js';
import { type ListQuery, type Page, Pagination } from '../../common/http/pagination.js';
import type { TrustedDevice } from '../../generated/prisma/client.js';
import type { TrustedDeviceResponse } from './trusted-devices.dto.js';
import { TrustedDevices } from './trusted-devices.js';

/** What people do with the devices they trust. */
@Injectable()
export class OwnTrustedDevicesService {
  constructor(
    private readonly trustedDevices: TrustedDevices,
    private readonly pagination: Pagination,
  ) {}

  async list({ userId }: Principal, query: ListQuery): Promise<Page<TrustedDeviceResponse>> {
    const current = await this.trustedDevices.current(userId);
    const page = await this.pagination.page(query, {
      list: `trusted-devices/${userId}`,
      rows: (after, take) => this.trustedDevices.list(userId, after, take),
      keyOf: (device) => device.id,
      total: () => this.trustedDevices.count(userId),
    });
    return { ...page, items: page.items.map((device) => toResponse(device, current?.id)) };
  }

  /** @throws Problem not_found, also for another's device */
  async end({ userId }: Principal, id: string): Promise<void> {
    const ended = isUuid(id) && (await this.trustedDevices.end(userId, id));
    if (!ended) throw new Problem('not_found');
  }

  endAll({ userId }: Principal): Promise<void> {
    return this.trustedDevices.endAll(userId, 'ended_by_user', userId);
  }
}

function toResponse(device: TrustedDevice, currentId: string | undefined): TrustedDeviceResponse {
  const { id, label, ip, createdAt, lastUsedAt, expiresAt } = device;
  return { id, current: id === currentId, label, ip, createdAt, lastUsedAt, expiresAt };
}
