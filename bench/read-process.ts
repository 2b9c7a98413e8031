import { readdir, readFile } from 'node:fs/promises';

const KIB_PER_MIB = 1_024;
const NS_PER_MS = 1_000_000;

/** Resident memory as the kernel counts it; what is not anonymous is mapped files, such as the node binary. Linux only. */
export async function readMemoryKib(pid: number): Promise<{ readonly rss: number; readonly anonymous: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (field: string): number => {
    const kib = Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]);
    if (!Number.isFinite(kib)) throw new Error(`/proc/${pid}/status has no ${field}`);
    return kib;
  };
  return { rss: read('VmRSS'), anonymous: read('RssAnon') };
}

export function toMib(kib: number): number {
  return kib / KIB_PER_MIB;
}

/**
 * CPU time of the threads that live now, milliseconds since they began. From schedstat, which counts nanoseconds: a
 * backend that samples every 5 s uses less in half a minute than one tick (10 ms) of /proc/PID/stat.
 */
export async function readCpuMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
      return Number(text.split(' ')[0]) / NS_PER_MS;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** The files that are mapped into a process: native modules among them. */
export function readMaps(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/maps`, 'utf8');
}
