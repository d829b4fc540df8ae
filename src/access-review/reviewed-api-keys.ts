/** An API key, as a reviewer needs to see it. */
export interface ApiKeyOverview {
  id: string;
  /** As typed. */
  name: string;
  permissions: string[];
  createdAt: Date;
  /** Null: never. */
  expiresAt: Date | null;
  /** To about a minute; null: never. */
  lastUsedAt: Date | null;
}

/** Where the review hears of API keys: whoever keeps them stands above it, and is not known here. */
export abstract class ReviewedApiKeys {
  /** The keys of each of these people that stand, oldest first; who has none is left out. */
  abstract of(userIds: readonly string[]): Promise<Map<string, ApiKeyOverview[]>>;
}
