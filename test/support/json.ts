/** Parsed JSON in the shape that the test goes on to check. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the shape
export function parseAs<Shape>(text: string): Shape {
  return JSON.parse(text) as Shape;
}
