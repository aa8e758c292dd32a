-- The three roles of the portal, for a PostgreSQL server (15 or later). May run again: it then sets the passwords anew.
--   psql -d postgres -v owner_password=... -v app_password=... -v system_password=... -f roles.sql
-- The local launcher runs this very file. The passwords travel through settings, because psql does not look into DO blocks.
SELECT set_config('mlops.owner_password', :'owner_password', false),
       set_config('mlops.app_password', :'app_password', false),
       set_config('mlops.system_password', :'system_password', false);

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['owner', 'app', 'system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mlops_' || role) THEN
            EXECUTE format('CREATE ROLE %I', 'mlops_' || role);
        END IF;
        -- None of them may create roles or databases; new roles are neither superuser nor exempt from row-level security.
        EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT NOCREATEDB NOCREATEROLE PASSWORD %L', 'mlops_' || role, current_setting('mlops.' || role || '_password'));
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mlops_' || role AND (rolsuper OR rolbypassrls)) THEN
            RAISE EXCEPTION 'Role mlops_% is a superuser or bypasses row-level security: it would see every tenant. Take that away first.', role;
        END IF;
    END LOOP;
END
$$;
