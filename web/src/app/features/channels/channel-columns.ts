import type { Column } from "#ui/data-table/column";

export const CHANNEL_COLUMNS: readonly Column[] = [
  { key: "id", label: "column.id", sortable: true, numeric: true, minor: true },
  { key: "name", label: "channels.name", sortable: true, rowHeader: true },
  { key: "type", label: "channels.type", sortable: true },
  { key: "status", label: "column.status", sortable: true },
  { key: "group", label: "channels.groups", minor: true },
  { key: "models", label: "channels.models", numeric: true },
  { key: "priority", label: "channels.priority", sortable: true, numeric: true, minor: true },
  { key: "weight", label: "channels.weight", sortable: true, numeric: true, minor: true },
  { key: "response_time", label: "channels.response", sortable: true, numeric: true },
  { key: "success_1h", label: "channels.success", numeric: true, minor: true },
  { key: "used_quota", label: "channels.used", sortable: true, numeric: true },
  { key: "balance", label: "channels.balance", sortable: true, numeric: true },
  { key: "key_hint", label: "channels.key", optional: true },
  { key: "base_url", label: "channels.baseUrl", optional: true },
  { key: "test_time", label: "channels.tested", sortable: true, optional: true },
  { key: "created_time", label: "column.created", sortable: true, optional: true },
];
