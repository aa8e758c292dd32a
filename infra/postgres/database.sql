-- Rights within the portal's database; run it there as its creator. May run again.
--   createdb -O mlops_owner mlopsportal && psql -d mlopsportal -f database.sql
-- Tables are granted by the portal's migrations, which run as mlops_owner.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO mlops_app, mlops_system', current_database());
END
$$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
