import type { FileHandle } from 'node:fs/promises';

/** Longest line in bytes, as long as the longest body of a request. */
export const MAX_LINE_BYTES = 64 * 1024;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

export interface Line {
  /** From 1. */
  number: number;
  /** Undefined for a line that is longer than {@link MAX_LINE_BYTES}. */
  bytes: Buffer | undefined;
  /** Where in the file it ends. */
  end: number;
}

/** The lines of a file that are not blank, read as they are asked for; long ones are not kept. */
export async function* linesOf(file: FileHandle): AsyncGenerator<Line> {
  let number = 1;
  let end = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const add = (part: Buffer): void => {
    restBytes += part.length;
    if (restBytes <= MAX_LINE_BYTES) rest.push(part);
    else rest = [];
  };
  const take = (): Line => {
    const bytes =
      restBytes <= MAX_LINE_BYTES ? withoutMark(Buffer.concat(rest), number) : undefined;
    rest = [];
    restBytes = 0;
    return { number: number++, bytes, end };
  };

  for await (const chunk of file.createReadStream() as AsyncIterable<Buffer>) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to));
      end += to + 1 - from;
      from = to + 1;
      const line = take();
      if (!isBlank(line)) yield line;
    }
    add(chunk.subarray(from));
    end += chunk.length - from;
  }
  if (restBytes > 0) {
    const line = take();
    if (!isBlank(line)) yield line;
  }
}

function isBlank({ bytes }: Line): boolean {
  return (
    bytes !== undefined && bytes.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)
  );
}

/** Some programs begin a file of UTF-8 with a mark that is no part of its first line. */
function withoutMark(bytes: Buffer, number: number): Buffer {
  const marked = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
  return marked ? bytes.subarray(3) : bytes;
}
