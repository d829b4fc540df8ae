import { readdir } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Sample } from '../common/metrics/family.js';
import { GaugeFamily } from '../common/metrics/gauge.js';
import { version } from '../common/version.js';
import { Config } from '../config/config.js';

/** How often the event loop is looked at, in milliseconds. */
const RESOLUTION = 20;
const QUANTILES = [0.5, 0.99, 1];

/** How the process itself is doing. */
@Injectable()
export class ProcessMetrics implements OnModuleInit, OnApplicationShutdown {
  #delay: IntervalHistogram | undefined;

  constructor(private readonly config: Config) {}

  readonly families = [
    {
      name: 'latchkey_process_cpu_seconds_total',
      help: 'Processor time this process has used.',
      type: 'counter' as const,
      samples: () => {
        const { user, system } = process.cpuUsage();
        return [{ value: (user + system) / 1e6 }];
      },
    },
    new GaugeFamily(
      'latchkey_process_resident_memory_bytes',
      'Memory this process holds.',
      () => process.memoryUsage.rss(), // memoryUsage() would look at the whole heap
    ),
    new GaugeFamily('latchkey_process_open_fds', 'Open files and connections.', openFiles),
    new GaugeFamily(
      'latchkey_process_start_time_seconds',
      'When this process began, in seconds since 1970.',
      () => performance.timeOrigin / 1000,
    ),
    new GaugeFamily(
      'latchkey_event_loop_delay_seconds',
      'By how much the event loop was late since the last scrape: half of the time, at worst but for one in a hundred, and at worst.',
      () => this.#delays(),
      'summary',
    ),
    new GaugeFamily('latchkey_build_info', 'Always 1; the labels say what runs.', () => [
      { labels: { version: version(), node: process.version }, value: 1 },
    ]),
  ];

  /** Looking at the event loop wakes an idle process, so it is done only when somebody can read it. */
  onModuleInit(): void {
    if (this.config.metricsToken === undefined && this.config.metricsPort === undefined) return;
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    this.#delay.enable();
  }

  onApplicationShutdown(): void {
    this.#delay?.disable();
  }

  #delays(): Sample[] {
    const delay = this.#delay;
    if (delay === undefined) return [];
    // What Node records is the time between two looks: what it should be belongs to no delay.
    const samples = QUANTILES.map((quantile) => ({
      labels: { quantile: String(quantile) },
      value: Math.max(0, delay.percentile(quantile * 100) / 1e9 - RESOLUTION / 1000),
    }));
    delay.reset();
    return samples;
  }
}

/** Undefined where the system does not tell (anything but Linux). */
async function openFiles(): Promise<number | undefined> {
  try {
    return (await readdir('/proc/self/fd')).length;
  } catch {
    return undefined;
  }
}
