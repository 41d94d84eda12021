"""Functions that take a name as text: which of their arguments it is, and what it names.

Sources: the documentation of PostgreSQL 18 (chapters 9 and F), TimescaleDB, Citus, pg_partman and PostGIS.
"""

from __future__ import annotations

from typing import NamedTuple

from .keywords import words
from .model import Kind


class Naming(NamedTuple):
    """An argument that names something: what, its position (0-based) and its name, "" when nobody calls it so.

    `optional`: a role may stand in front of it, when there are so many arguments in all.
    """

    kind: Kind
    position: int = 0
    keyword: str = ""
    optional: int = 0


def _each(text: str, naming: Naming) -> dict[str, Naming]:
    return dict.fromkeys(text.split(), naming)


POSTGRESQL: dict[str, Naming] = {
    **_each("nextval currval setval pg_sequence_last_value", Naming(Kind.SEQUENCE)),
    **_each(
        """to_regclass pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_relation_filepath
        pg_relation_filenode pg_get_serial_sequence pg_get_viewdef row_security_active pg_partition_tree
        pg_partition_root pg_partition_ancestors table_to_xml table_to_xmlschema table_to_xml_and_xmlschema
        pg_relation_is_updatable pg_column_is_updatable pg_relation_is_publishable pg_get_replica_identity_index
        pg_index_has_property pg_index_column_has_property pg_extension_config_dump currtid2 pg_prewarm pgstattuple
        pgstattuple_approx pgstatindex pgstatginindex pgstathashindex pg_relpages get_raw_page bt_metap bt_page_stats
        bt_page_items pg_freespace pg_visibility pg_visibility_map pg_visibility_map_summary pg_check_visible
        pg_check_frozen pg_truncate_visibility_map brin_summarize_new_values brin_summarize_range
        brin_desummarize_range gin_clean_pending_list bt_index_check bt_index_parent_check gin_index_check
        verify_heapam pgrowlocks connectby dblink_get_pkey""",
        Naming(Kind.RELATION),
    ),
    **_each("has_table_privilege has_any_column_privilege", Naming(Kind.RELATION, optional=3)),
    "has_column_privilege": Naming(Kind.RELATION, optional=4),
    "has_sequence_privilege": Naming(Kind.SEQUENCE, optional=3),
    "has_schema_privilege": Naming(Kind.SCHEMA, optional=3),
    "has_type_privilege": Naming(Kind.TYPE, optional=3),
    "has_function_privilege": Naming(Kind.FUNCTION, optional=3),
    **_each("to_regtype to_regtypemod", Naming(Kind.TYPE)),
    **_each("pg_input_is_valid pg_input_error_info", Naming(Kind.TYPE, 1)),
    **_each("to_regproc to_regprocedure", Naming(Kind.FUNCTION)),
    "to_regnamespace": Naming(Kind.SCHEMA),
    "set_config": Naming(Kind.SCHEMA),
}
"""Functions of PostgreSQL and of what comes with it."""

EXTENSIONS: dict[str, Naming] = {
    **_each(
        """create_hypertable show_chunks drop_chunks add_retention_policy remove_retention_policy
        approximate_row_count""",
        Naming(Kind.RELATION, 0, "relation"),
    ),
    **_each(
        """add_dimension enable_chunk_skipping add_compression_policy remove_compression_policy
        add_columnstore_policy remove_columnstore_policy
        add_reorder_policy remove_reorder_policy set_chunk_time_interval set_number_partitions set_integer_now_func
        detach_tablespaces show_tablespaces hypertable_size hypertable_detailed_size hypertable_approximate_size
        hypertable_compression_stats hypertable_columnstore_stats chunk_compression_stats chunks_detailed_size
        hypertable_index_size""",
        Naming(Kind.RELATION, 0, "hypertable"),
    ),
    **_each(
        "add_continuous_aggregate_policy remove_continuous_aggregate_policy refresh_continuous_aggregate",
        Naming(Kind.RELATION, 0, "continuous_aggregate"),
    ),
    **_each("attach_tablespace detach_tablespace", Naming(Kind.RELATION, 1, "hypertable")),
    **_each(
        """create_distributed_table create_distributed_table_concurrently create_reference_table undistribute_table
        alter_distributed_table alter_table_set_access_method citus_add_local_table_to_metadata citus_table_size
        citus_relation_size citus_total_relation_size truncate_local_data_after_distributing_table
        update_distributed_table_colocation create_time_partitions drop_old_time_partitions""",
        Naming(Kind.RELATION, 0, "table_name"),
    ),
    **_each(
        "create_parent run_maintenance partition_data_proc partition_data_time undo_partition",
        Naming(Kind.RELATION, 0, "p_parent_table"),
    ),
}
"""Functions of extensions; a backend may have its own ones of these names, so that they are references too."""

NAMING_FUNCTIONS = {**POSTGRESQL, **EXTENSIONS}
"""All functions that take a name as text."""

APART = words("addgeometrycolumn dropgeometrycolumn dropgeometrytable updategeometrysrid find_srid st_estimatedextent")
"""Functions of PostGIS that take a schema and a table as arguments of their own."""
