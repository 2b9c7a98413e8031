import { imageSize } from './image-size.ts';
import type { Attachment, Upload } from './message-parts.ts';

/** The part of Discord's CDN that matters: files by id, under addresses that this server serves. */
export interface FileStore {
  /** Set once the server listens: where its addresses begin. */
  baseUrl: string;
  add(channelId: string, upload: Upload, description?: string): StoredFile;
  get(id: string): StoredFile | undefined;
  /** Marks a file as no longer part of a message. As at Discord, its address works for a while yet. */
  drop(id: string): void;
}

export interface StoredFile {
  readonly attachment: Attachment;
  readonly data: Uint8Array;
}

/** How many dropped files stay readable: an edited chart must not fill the memory in a long run. */
const DROPPED_KEPT = 50;

export function createFileStore(mint: () => string): FileStore {
  const files = new Map<string, StoredFile>();
  const dropped: string[] = [];
  return {
    baseUrl: '',
    add(channelId, upload, description) {
      const id = mint();
      const filename = upload.filename.replaceAll(/[^\w.-]+/g, '_') || 'unknown';
      const url = `${this.baseUrl}/attachments/${channelId}/${id}/${filename}`;
      const size = imageSize(upload.data);
      const stored: StoredFile = {
        attachment: {
          id,
          filename,
          size: upload.data.byteLength,
          url,
          proxy_url: url,
          content_type: upload.contentType,
          ...(description === undefined ? {} : { description }),
          ...size,
        },
        data: upload.data,
      };
      files.set(id, stored);
      return stored;
    },
    get: (id) => files.get(id),
    drop(id) {
      dropped.push(id);
      if (dropped.length > DROPPED_KEPT) files.delete(dropped.shift() ?? '');
    },
  };
}
