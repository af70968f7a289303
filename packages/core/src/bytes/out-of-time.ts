/** A scan whose time is over stops in the middle of a text. Nothing is known of the text then. */
export class OutOfTime extends Error {
  readonly code = 'OUT_OF_TIME';
  constructor() {
    super('the time was over');
    this.name = 'OutOfTime';
  }
}
