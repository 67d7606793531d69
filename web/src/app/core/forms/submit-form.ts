import { type FieldTree, submit } from "@angular/forms/signals";
import { type Fault, toFault } from "#core/api/fault";

/**
 * Runs the action when the form is valid, else moves the focus to the first field in error.
 * Returns the fault when the server refused, and undefined otherwise.
 */
export async function submitForm<T>(
  tree: FieldTree<T>,
  action: () => Promise<void>,
): Promise<Fault | undefined> {
  let fault: Fault | undefined;
  const valid = await submit(tree, async () => {
    try {
      await action();
    } catch (error) {
      fault = toFault(error);
    }
    return undefined;
  });
  if (!valid) tree().errorSummary()[0]?.fieldTree().focusBoundControl();
  return fault;
}
