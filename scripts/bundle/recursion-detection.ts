/** Stands in for the middleware that hands Lambda's trace header on: DynamoDB calls no function that could see it again. */
export const recursionDetectionMiddleware =
  () =>
  <Next>(next: Next): Next =>
    next;
