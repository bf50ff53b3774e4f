namespace GpuTty.Tests;

/// <summary>One thing that can go wrong, or that peers test.</summary>
/// <param name="Id">M: failures. L, H, O, K: what libvirt's own tests hold. D: captured machines.</param>
/// <param name="What">In a few words.</param>
/// <param name="Tests">Class.Method of tests that cover it besides those that carry its number in their names.</param>
/// <param name="WhyNot">Why there is no test at all; null where there is one.</param>
internal sealed record FailureCase(string Id, string What, string[] Tests, string? WhyNot = null);

/// <summary>The failure matrix. Tests with a number in the name (<c>M14_...</c>) count by themselves; here or in tests/lab.</summary>
internal static class Matrix
{
    public static IReadOnlyList<FailureCase> Cases { get; } =
    [
        new("M1", "SIGKILL around every record and call, also in the recovery", []),
        new("M2", "SIGKILL with a write in flight", ["RecoverAfterWorkerTests.A_write_of_the_killed_worker_is_waited_for"]),
        new("M3", "power loss: journal cut, zeroed, repeated, a bit flipped",
        [
            "JournalReaderTests.Cut_at_any_byte_the_whole_lines_before_the_cut_are_left", "JournalReaderTests.With_its_tail_zeroed_or_repeated_the_whole_lines_before_are_left",
            "JournalReaderTests.A_flipped_bit_is_never_believed", "JournalReaderTests.A_thousand_random_corruptions_leave_a_prefix_of_what_was_written",
        ]),
        new("M4", "full disk, failing writes", ["FileJournalTests.On_a_full_disk_a_run_that_has_begun_is_recorded_to_its_end_and_another_does_not_begin"]),
        new("M5", "state directories read-only or absent", []),
        new("M6", "two at once", ["SwitchLockTests.The_second_is_told_who_has_it_and_a_killed_holder_leaves_nothing_behind", "LinuxSwitchDeskTests.While_one_runs_another_is_refused_and_the_wish_to_take_back_is_heard"]),
        new("M7", "a write that never comes back", ["WatchedWriteTests.A_write_that_does_not_come_back_is_stuck_and_blocks_every_other_until_it_has"]),
        new("M8", "display manager will not stop, or has another name", ["LinuxControlsTests.Without_systemd_the_refusal_says_what_to_do_instead"]),
        new("M9", "display manager restarts itself, session survives it", ["DesktopFactsTests.A_session_can_survive_its_display_manager_and_is_ended_by_logind"]),
        new("M10", "a holder reappears every second", ["ReachTests.A_monitor_that_opens_the_card_every_second_does_not_stop_the_switch"]),
        new("M11", "references that nobody explains", ["KernelFactsTests.References_are_those_who_hold_and_nothing_remembers_them"]),
        new("M12", "holders by map, deleted node, copy", ["LiveHoldersTests.Holders_by_descriptor_copy_map_and_deleted_node_are_all_found"]),
        new("M13", "processes that must live", ["ProcessEndingTests.The_first_process_we_ourselves_and_those_above_us_are_never_signalled", "OrderTests.Nobody_who_must_live_is_ended"]),
        new("M14", "pid used again", ["ProcessEndingTests.Another_process_with_the_same_number_is_left_alone"]),
        new("M15", "module will not unload", ["KernelFactsTests.Unloading_a_busy_module_fails_at_once_and_changes_nothing", "WriteRefusalTests.Refusals_to_unload_are_told_apart"]),
        new("M16", "vfio-pci missing, built in, late", ["OrderTests.The_driver_of_virtual_machines_is_there_before_anything_can_fall_to_it"]),
        new("M17", "no IOMMU, foreign member in the group", ["KernelFactsTests.Without_an_IOMMU_vfio_takes_nothing_and_only_the_log_knows", "lab RefusalTests.Without_an_iommu_the_switch_is_refused"]),
        new("M18", "group open by a virtual machine on the way home", ["KernelFactsTests.While_a_machine_runs_its_group_takes_no_host_driver"]),
        new("M19", "the device vanishes", []),
        new("M20", "another device at the old address", []),
        new("M21", "remove and rescan forgets the override", ["lab OldScriptTests.Remove_and_rescan_forgets_the_override_and_the_host_driver_is_back"]),
        new("M22", "somebody else binds in the middle", []),
        new("M23", "fallen off the bus", ["SysfsTests.A_card_that_fell_off_the_bus_is_told_from_one_whose_config_is_unreadable"]),
        new("M24", "only card, virtual functions, twins", ["CapturedMachineTests.A_card_with_sixteen_virtual_functions_and_a_management_screen"]),
        new("M25", "malformed sysfs", ["BrokenFilesTests.The_rest_of_the_list_stays_as_it_was", "ParserFuzzTests.Whatever_comes_no_parser_throws_or_hangs"]),
        new("M26", "names that steer a terminal", ["ProcessEndingTests.Names_with_spaces_and_parentheses_do_not_shift_the_fields"]),
        new("M27", "links, pipes and other people's files where state goes",
        [
            "StateDirectoryTests.A_link_in_place_of_a_file_is_refused_and_its_target_left_alone", "StateDirectoryTests.A_file_with_a_second_name_is_refused",
            "StateDirectoryTests.A_pipe_is_refused_and_not_waited_for", "StateDirectoryTests.What_somebody_else_owns_is_refused", "StateDirectoryTests.A_directory_that_is_a_link_or_open_to_others_is_refused",
        ]),
        new("M28", "PATH, current directory and environment of the caller", ["CommandRunnerTests.Only_the_known_directories_are_searched", "CommandRunnerTests.Nothing_of_the_callers_environment_and_no_keyboard_reaches_the_tool"]),
        new("M29", "languages", []),
        new("M30", "tools missing", ["LinuxHostReaderTests.A_machine_where_nothing_is_installed_is_read_as_far_as_it_goes"]),
        new("M31", "very many processes and files", ["LiveHoldersTests.One_process_with_many_files_and_many_that_come_and_go_are_no_trouble"]),
        new("M32", "files that do not answer", ["PatientScanTests.Items_that_hang_do_not_keep_the_others_from_being_read"]),
        new("M33", "terminal lost", ["LinuxSwitchDeskTests.A_lost_terminal_does_not_end_a_switch"]),
        new("M34", "the clock jumps", []),
        new("M35", "journal of a newer version, or of another boot", ["JournalReaderTests.A_journal_of_another_boot_is_history"]),
        new("M36", "many rounds", ["ReachTests.Five_rounds_there_and_back_leave_no_trace"]),
        new("L1", "address of zeros", []),
        new("L2", "detach: driver is vfio-pci, nothing else changed", ["ReachTests.The_runner_gets_there_and_leaves_every_other_device_alone"]),
        new("L3", "reset a device on vfio", [], "GpuTty never resets a device; vfio-pci does it when a virtual machine opens and closes it."),
        new("L4", "reattach one by one", ["KernelFactsTests.A_function_goes_to_vfio_and_home_again_and_who_never_had_a_driver_stays_without"]),
        new("L5", "return what is at home already", ["SwitchTests.Where_the_card_is_already_nothing_is_done"]),
        new("L6", "unbind only, then return", ["KernelDrillTests.M4_whichever_write_is_refused_once_the_card_is_where_it_was"]),
        new("L7", "detach a function without a driver", ["KernelFactsTests.A_function_goes_to_vfio_and_home_again_and_who_never_had_a_driver_stays_without"]),
        new("L8", "return what no driver knows", ["KernelFactsTests.A_function_goes_to_vfio_and_home_again_and_who_never_had_a_driver_stays_without"]),
        new("L9", "a detach that fails leaves the driver bound", ["KernelDrillTests.M4_whichever_write_is_refused_once_the_card_is_where_it_was", "FaultTests.A_call_that_is_refused_once_leaves_the_machine_as_it_was"]),
        new("L10", "ACS", ["CapturedMachineTests.Every_function_is_in_the_group_it_names_and_in_no_other"]),
        new("H1", "nothing to prepare", ["SwitchTests.Where_the_card_is_already_nothing_is_done"]),
        new("H2", "taken away by the user before", []),
        new("H3", "managed='yes'", []),
        new("H4", "not given back behind the user's back", ["OtherKeepersTests.H2_an_override_that_somebody_else_has_set_is_reported_and_put_back"]),
        new("H5", "in use by somebody else", ["KernelFactsTests.While_a_machine_runs_its_group_takes_no_host_driver"]),
        new("H6", "give back nothing", ["UndoTests.Nothing_to_undo_is_said_and_is_no_error"]),
        new("H7", "started again, finds what was detached", ["DeskTests.What_a_killed_worker_left_is_offered_for_recovery"]),
        new("H8", "two users of one function", [], "That is about NVMe name spaces; a graphics card is moved whole, with all its functions."),
        new("O1", "order: check all, then act, then record", ["OrderTests.Aiming_comes_before_anything_else_that_is_written_to_PCI", "OrderTests.Services_stop_before_modules_are_unloaded_and_modules_go_before_functions_are_unbound"]),
        new("O2", "checks of the group", ["CapturedMachineTests.Groups_are_counted_right", "OrderTests.Nothing_outside_the_card_is_touched_and_no_bridge_ever"]),
        new("O3", "reset refused for a device in use", [], "GpuTty never resets a device or a bus."),
        new("O4", "override written, cleared, left alone", ["LinuxControlsTests.An_override_is_set_and_cleared", "LinuxControlsTests.Only_the_driver_that_has_the_function_is_asked_to_let_go"]),
        new("K1", "what the kernel answers",
            ["KernelFactsTests.A_probe_of_a_bound_function_changes_nothing", "KernelFactsTests.The_node_of_a_group_comes_with_its_first_member_and_goes_with_the_last", "KernelDrillTests.A_plan_goes_through_on_a_kernel_that_is_well"]),
        new("D1", "captured machines as lspci sees them", ["CapturedMachineTests.Functions_ids_classes_and_drivers_are_those_that_lspci_sees"]),
        new("D2", "every function in exactly one group", ["CapturedMachineTests.Every_function_is_in_the_group_it_names_and_in_no_other"]),
        new("D3", "a plan or a reason for every card of every machine", []),
        new("D4", "time", ["LiveHoldersTests.One_process_with_many_files_and_many_that_come_and_go_are_no_trouble"]),
        new("D5", "every attribute damaged in every way", ["BrokenFilesTests.The_rest_of_the_list_stays_as_it_was"]),
    ];
}
