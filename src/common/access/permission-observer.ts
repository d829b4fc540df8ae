/** Told of the permissions that let somebody in, each time a route has asked for some. */
export abstract class PermissionObserver {
  /** Must be quick, and fail at nothing: a request waits for it. */
  abstract used(userId: string, permissions: readonly string[]): void;
}
