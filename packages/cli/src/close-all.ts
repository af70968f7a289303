/** The end of whatever was opened, whether or not all went well before. */

export interface Closable {
  close(): Promise<void>;
}

/**
 * Closes each, also when another one cannot be closed. `wentWell`: then that is what there is to tell; else there is an error already,
 * and it says more. @throws what the first one threw
 */
export async function closeAll(opened: readonly Closable[], wentWell: boolean): Promise<void> {
  const ends = await Promise.allSettled(opened.map(async (each) => await each.close()));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined && wentWell) throw failed.reason;
}
