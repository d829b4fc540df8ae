import { Injectable } from '@nestjs/common';
import type { Route } from '../common/http/routes.js';
import { type Counter, CounterFamily } from '../common/metrics/counter.js';
import { type Histogram, HistogramFamily } from '../common/metrics/histogram.js';
import { Config } from '../config/config.js';

/** Upper bounds in seconds: a Bearer request takes less than the first, a sign-in a tenth. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** In place of a pattern, for a path that fits no route. */
const NO_ROUTE = 'none';
/** In place of a method that no route takes: a stranger may send any. */
const OTHER_METHOD = 'other';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

interface RouteSeries {
  readonly route: string;
  readonly method: string;
  readonly seconds: Histogram;
  /** By the first digit of the status. */
  readonly classes: (Counter | undefined)[];
}

/**
 * Counts requests. On the way of each of them, so a route's series are found once and kept with it,
 * and nothing is counted when nobody can read it.
 */
@Injectable()
export class RequestMetrics {
  readonly #requests = new CounterFamily(
    'latchkey_http_requests_total',
    'Requests answered, by the pattern of their route, method and class of status.',
    ['route', 'method', 'status'],
  );
  readonly #seconds = new HistogramFamily(
    'latchkey_http_request_seconds',
    'Time from the head of a request to the end of its answer.',
    BOUNDS,
    ['route', 'method'],
  );
  readonly #problems = new CounterFamily(
    'latchkey_http_problems_total',
    'Answers that are errors, by the pattern of their route and error code.',
    ['route', 'code'],
  );
  readonly families = [this.#requests, this.#seconds, this.#problems];
  readonly #byConfig = new WeakMap<object, RouteSeries>();
  readonly #wanted: boolean;

  constructor({ metricsToken, metricsPort }: Config) {
    this.#wanted = metricsToken !== undefined || metricsPort !== undefined;
  }

  /** @param code of the problem that was answered, if it was one */
  answered(
    route: Route,
    method: string,
    status: number,
    ms: number,
    code: string | undefined,
  ): void {
    if (!this.#wanted) return;
    const series = this.#byConfig.get(route.config) ?? this.#seriesOf(route, method);
    series.seconds.observe(ms / 1000);
    const digit = (status / 100) | 0;
    (series.classes[digit] ??= this.#requests.with(
      series.route,
      series.method,
      `${digit}xx`,
    )).add();
    if (code !== undefined) this.#problems.with(series.route, code).add();
  }

  #seriesOf({ url, method, config }: Route, sent: string): RouteSeries {
    const route = url ?? NO_ROUTE;
    const known = METHODS.has(sent) ? sent : OTHER_METHOD;
    const series = {
      route,
      method: known,
      seconds: this.#seconds.with(route, known),
      classes: [],
    };
    // A route of one method is met by no other; what fits no route is met by any.
    if (url !== undefined && typeof method === 'string') this.#byConfig.set(config, series);
    return series;
  }
}
