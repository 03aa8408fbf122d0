# A volume shows no CPU, but the type it comes from is named: those of the target have all its features.
# args: --source m4.large --target m6a.large
