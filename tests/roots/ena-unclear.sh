# A driver of another release in updates, with symbols that nothing here can be compared with.
ena=drivers/net/ethernet/amazon/ena
add_ena_module $ena sum=module_layout:7fb4e2a1
built_for=6.1.0-13-amd64
add_ena_module ../updates version=2.8.0g sum=module_layout:7fb4e2a1 sum=page_pool_create:5
index_modules
