/** Why one object cannot be had. */
export type ObjectErrorCode = 'corrupt' | 'missing' | 'too-large' | 'limit';

export class ObjectError extends Error {
  readonly code: ObjectErrorCode;

  constructor(code: ObjectErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectError';
    this.code = code;
  }
}
