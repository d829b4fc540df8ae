import { ApiProperty } from '@nestjs/swagger';

const LIMITS = ['login', 'account', 'known-devices', 'token', 'second-factor'] as const;

/** One limit that counts something at an account now. */
export class AccountLimitResponse {
  /**
   * `login`: wrong passwords of one network or known device. `account`: those of everybody.
   * `known-devices`: those of all known devices. `token`: wrong codes. `second-factor`: wrong second
   * factors.
   */
  @ApiProperty({ enum: LIMITS, example: 'login' })
  limit!: (typeof LIMITS)[number];

  /**
   * Failures in the window.
   * @example 10
   */
  count!: number;

  /**
   * How many there may be.
   * @example 10
   */
  max!: number;

  /** When the window ends, and counting begins anew. */
  endsAt!: Date;
}

export class AccountLimitsResponse {
  /** Largest count first. Networks are not named: the server keeps only a MAC of them. */
  items!: AccountLimitResponse[];
}
