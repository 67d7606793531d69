import type { Column } from "#ui/data-table/column";

/** The columns of the log; those about other people and upstreams are for admins. */
export function logColumns(everyone: boolean): readonly Column[] {
  const forAdmins = (column: Column): readonly Column[] => (everyone ? [column] : []);
  return [
    { key: "created_at", label: "logs.time", sortable: true, rowHeader: true },
    { key: "status", label: "column.status" },
    { key: "type", label: "logs.type", optional: true, minor: true },
    ...forAdmins({ key: "username", label: "logs.user" }),
    { key: "token_name", label: "logs.token" },
    { key: "model_name", label: "logs.model" },
    ...forAdmins({ key: "channel", label: "logs.channel" }),
    { key: "group", label: "column.group", optional: true, minor: true },
    { key: "elapsed_time", label: "logs.duration", sortable: true, numeric: true },
    { key: "ttft_ms", label: "logs.ttft", numeric: true, minor: true },
    { key: "prompt_tokens", label: "logs.input", sortable: true, numeric: true, minor: true },
    {
      key: "cache_read_tokens",
      label: "logs.cached",
      numeric: true,
      optional: everyone,
      minor: true,
    },
    { key: "completion_tokens", label: "logs.output", sortable: true, numeric: true, minor: true },
    { key: "quota", label: "logs.cost", sortable: true, numeric: true },
    { key: "request_id", label: "logs.requestId", optional: true },
    { key: "content", label: "logs.details", optional: true },
  ];
}
